import type { ServerFrame, ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import type { Device } from "./device.ts";
import { MessageView } from "./message-view.ts";
import { CHANNELS, latestOf, type ReturningUser, type Sent, type StormDirect } from "./returning-user.ts";

/** A sentence for each promise that the chat has broken. Call it after all users have returned. */
export async function brokenPromises(users: readonly ReturningUser[], sent: Sent): Promise<string[]> {
  const wrong: string[] = users.flatMap((each) => each.wrong);
  const kept = new Map<string, string>();
  for (const user of users) {
    wrong.push(...(await wrongDirects(users, user, sent)));
    for (const device of user.devices) {
      const channels = await channelsOf(device);
      wrong.push(...wrongChannels(user, channels));
      for (const channel of channels) wrong.push(...(await wrongMessages(user, { device, channel, kept })));
    }
  }
  for (const channel of kept.keys()) wrong.push(...(await wrongContent(users, sent, channel)));
  return wrong;
}

async function channelsOf(device: Device): Promise<readonly string[]> {
  return (await answerOf(device, { message: "channels", mine: true }, "channels")).channels;
}

function wrongChannels({ name, memberships }: ReturningUser, channels: readonly string[]): string[] {
  const canBe = (channel: string, isIn: boolean): boolean =>
    channel === "lobby" ? isIn : (memberships.get(channel)?.possible(false) ?? new Set([false])).has(isIn);
  const wrong = CHANNELS.filter((channel) => !canBe(channel, channels.includes(channel)));
  return wrong.map((channel) => `${name} is ${channels.includes(channel) ? "" : "not "}in ${channel}`);
}

interface ReturnedTo {
  readonly device: Device;
  readonly channel: string;
  /** The content of each channel, as the first user has read it. */
  readonly kept: Map<string, string>;
}

/** What the device shows must be what the history contains. The unread count must be that of the history, too. */
async function wrongMessages(user: ReturningUser, { device, channel, kept }: ReturnedTo): Promise<string[]> {
  const messages: Counted[] = [];
  const read = new MessageView();
  for await (const page of device.pages({ channel })) {
    read.add(page);
    messages.push(...page.messages);
  }
  const content = contentOf(read);
  const shown = contentOf(await device.resume(channel));
  const first = kept.get(channel) ?? content;
  kept.set(channel, first);
  const { counts } = await answerOf(device, { message: "unread" }, "unread");
  const count = counts.find((each) => each.channel === channel);
  return [
    ...(shown === content ? [] : [`A device of ${user.name} shows ${shown} in ${channel}, which has ${content}`]),
    ...(first === content ? [] : [`${user.name} reads ${content} in ${channel}, and others ${first}`]),
    ...wrongCount(user, { of: channel, messages, count }),
  ];
}

const contentOf = (view: MessageView): string => JSON.stringify([[...view.texts()], [...view.emojis()]]);

type Counted = Pick<ServerFrameOf<"message">, "id" | "from" | "deleted">;

interface Counting {
  /** The channel or the conversation. */
  readonly of: string;
  readonly messages: readonly Counted[];
  readonly count: { readonly count: number; readonly read?: string | undefined } | undefined;
}

function wrongCount({ name, reads }: ReturningUser, { of, messages, count }: Counting): string[] {
  if (!count) return [`${name} gets no unread count of ${of}`];
  const { read = "" } = count;
  const unread = messages.filter(({ id, from, deleted }) => id > read && from !== name && !deleted).length;
  const { acknowledged = [], all = [] } = reads.get(of) ?? {};
  const least = latestOf(acknowledged);
  const isPossible = read >= least && (read === "" || all.includes(read));
  return [
    ...(count.count === unread
      ? []
      : [`${name} has ${unread} unread messages in ${of}, and the count is ${count.count}`]),
    ...(isPossible ? [] : [`The marker of ${name} in ${of} is "${read}", after "${least}" was acknowledged`]),
  ];
}

/** Each direct message must be in the conversation of both users, once, and nowhere else. */
async function wrongDirects(users: readonly ReturningUser[], user: ReturningUser, sent: Sent): Promise<string[]> {
  const { name } = user;
  const device = user.devices[0] as Device;
  const own = sent.directs.filter(({ from, to }) => from === name || to === name);
  const { conversations } = await answerOf(device, { message: "conversations" }, "conversations");
  const listed = conversations.map(({ direct }) => ({ direct }));
  const counts =
    listed.length === 0
      ? []
      : ((await answerOf(device, { message: "unread", conversations: listed }, "unread")).conversations ?? []);
  const wrong = own
    .filter(({ id, from, to }) => id && !listed.some(({ direct }) => direct === (from === name ? to : from)))
    .map(({ data }) => `${name} has no conversation with "${data}"`);
  for (const { direct, last } of conversations) {
    const expected = own.filter(({ from, to }) => (from === name ? to : from) === direct);
    const { view, messages } = await conversationOn(device, direct);
    wrong.push(
      ...wrongTexts(user, { direct, expected, messages }),
      ...expected.flatMap((each) => wrongChanges(users, each, view)),
      ...(await staleDevices(user, direct, contentOf(view))),
      ...(messages.at(-1)?.id === last ? [] : [`The latest message of ${name} with ${direct} is not ${last}`]),
      ...wrongCount(user, {
        of: `with ${direct}`,
        messages,
        count: counts.find((each) => each.direct === direct),
      }),
    );
  }
  const pushed = user.devices.flatMap((each) => each.directs);
  const foreign = pushed.filter(({ from, to }) => from !== name && to !== name);
  return [...wrong, ...foreign.map(({ data }) => `${name} received "${data}", which was for somebody else`)];
}

type Directs = readonly ServerFrameOf<"direct">[];

async function conversationOn(device: Device, direct: string) {
  const view = new MessageView();
  const messages: ServerFrameOf<"direct">[] = [];
  for await (const page of device.pages({ direct })) {
    view.add(page);
    if (page.type === "conversation") messages.push(...page.messages);
  }
  return { view, messages };
}

interface Texts {
  readonly direct: string;
  /** What both users have sent. */
  readonly expected: readonly StormDirect[];
  readonly messages: Directs;
}

function wrongTexts({ name }: ReturningUser, { direct, expected, messages }: Texts): string[] {
  const ids = messages.map(({ id }) => id);
  const missing = expected.filter(({ id }) => id && !ids.includes(id));
  const changed = new Set(expected.filter((each) => each.isChanged).map(({ id }) => id));
  const found = messages.filter(({ id }) => !changed.has(id)).map(({ data }) => data);
  const foreign = found.filter((data) => !expected.some((each) => each.data === data));
  return [
    ...missing.map(({ data }) => `"${data}" is missing in the conversation of ${name} with ${direct}`),
    ...foreign.map((data) => `${name} reads "${data}" of another conversation`),
    ...found.filter((data, index) => found.indexOf(data) < index).map((data) => `${name} reads "${data}" twice`),
  ];
}

/** An acknowledged deletion must be in the conversation, and the last reactions to other messages. */
function wrongChanges(users: readonly ReturningUser[], message: StormDirect, view: MessageView): string[] {
  const { id = "", data, isDeleted } = message;
  if (view.texts().get(id) === undefined) return [];
  return isDeleted ? [`"${data}" was deleted, and is shown`] : wrongReactions(users, id, view.emojis().get(id) ?? "");
}

/** What the devices show after they have read only what the list of conversations has as new. */
async function staleDevices({ name, devices }: ReturningUser, direct: string, content: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const device of devices) {
    const shown = contentOf(await device.resumeConversation(direct));
    if (shown !== content) wrong.push(`A device of ${name} shows ${shown} with ${direct}, which has ${content}`);
  }
  return wrong;
}

/** The history must have all acknowledged messages, deletions and reactions. */
async function wrongContent(users: readonly ReturningUser[], { messages }: Sent, channel: string): Promise<string[]> {
  const device = await deviceIn(users, channel);
  const read = new MessageView();
  for await (const page of device.pages({ channel })) read.add(page);
  const [texts, emojis] = [read.texts(), read.emojis()];
  const own = messages.filter((message) => message.channel === channel);
  return own.flatMap(({ id, isDeleted }) => {
    if (!texts.has(id)) return [`${id} is missing in ${channel}`];
    if (isDeleted) return texts.get(id) === undefined ? [] : [`${id} was deleted in ${channel}, and is shown`];
    return texts.get(id) === undefined ? [] : wrongReactions(users, id, emojis.get(id) ?? "");
  });
}

async function deviceIn(users: readonly ReturningUser[], channel: string): Promise<Device> {
  for (const { devices } of users)
    for (const device of devices) if ((await channelsOf(device)).includes(channel)) return device;
  throw new Error(`Nobody is in ${channel}.`);
}

/** Some combination of what each user can have reacted with last. */
function wrongReactions(users: readonly ReturningUser[], id: string, emojis: string): string[] {
  let possible = [""];
  for (const { reactions } of users) {
    const own = [...(reactions.get(id)?.possible(null) ?? [null])];
    possible = possible.flatMap((others) => own.map((emoji) => others + (emoji ?? "")));
  }
  const isPossible = possible.some((each) => sorted(each) === sorted(emojis));
  return isPossible ? [] : [`${id} has the reactions "${emojis}", and can have ${JSON.stringify(possible)}`];
}

const sorted = (emojis: string): string => [...emojis].sort().join("");

async function answerOf<Type extends ServerFrame["type"]>(device: Device, frame: object, type: Type) {
  const answer = await device.request(frame);
  if (answer?.type !== type) throw new Error(`Expected ${type}, but received ${JSON.stringify(answer)}.`);
  return answer as ServerFrameOf<Type>;
}
