import { pairOf } from "../../../aws/table/keys.ts";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import type { ClientFrame, ServerFrame } from "../../../chat/protocol/client-frames.ts";
import { inconsistencies } from "../storm/consistency.ts";
import { isPublic } from "./cases.ts";
import type { Socket, View, World } from "./world.ts";

/** The acknowledgements and notices that clients received, from which the guarantees follow. */
export interface Standing {
  readonly carol: Socket;
  readonly ben: Socket;
  /** Undefined while anna is not connected. */
  anna?: Socket | undefined;
  /** The channels of the scenario. */
  readonly channels: readonly string[];
  readonly names: readonly string[];
  readonly acknowledged: { readonly id: string; readonly channel: string }[];
  /** The message that an acknowledged frame of anna changed. */
  changed?: {
    readonly id: string;
    /** The channel, or the log of the conversation. */
    readonly channel: string;
    readonly direct?: string | undefined;
    readonly by: "edit" | "delete";
  };
  /** The acknowledged direct messages of anna, where these are stored. */
  readonly acknowledgedDirect: { readonly id: string; readonly to: string }[];
  /** Wrong responses during the scenario. */
  readonly faults: string[];
  /** Memberships outlive connections. */
  readonly isLasting: boolean;
  /** Anna's membership according to the last response. */
  readonly moved: Map<string, "in" | "out" | "unknown">;
  /** The users that an acknowledged frame of anna removed: from a channel, or from all. */
  removed?: { readonly user: string; readonly channel?: string };
  /** The user that an acknowledged frame of anna banned. */
  banned?: string;
  /** The last message that an acknowledged frame of anna marked as read. */
  read?: Extract<ClientFrame, { message: "read" }>;
  /** The last message to which an acknowledged frame of anna has reacted. */
  reacted?: { readonly channel: string; readonly id: string };
  /**
   * The members of each channel as carol's client shows them: from the response to `members` and all later notices.
   * Undefined if the channels are too large for notices.
   */
  view?: View;
}

/** Returns a sentence for each violated guarantee of docs/reliability.md. */
export async function violations(world: World, standing: Standing): Promise<string[]> {
  const audits = await sendToAllChannels(world, standing);
  const { sockets, chat } = world;
  const connectionIds = sockets.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  return [
    ...standing.faults,
    ...[...audits].flatMap((audit) => wrongDeliveries(standing, audit)),
    // After one fan-out, the table is consistent and contains no connection that is gone.
    ...(await inconsistencies(chat, { connectionIds, channels: standing.channels })),
    ...(await wrongHistory(world, standing)),
    ...(await wrongChange(world, standing)),
    ...(await wrongConversations(world, standing)),
    ...(await wrongPresence(world, standing)),
    ...(await wrongClaims(world, standing)),
    ...(await wrongBans(world, standing)),
    ...(await wrongMarker(world, standing)),
    ...(await wrongReactions(world, standing)),
  ];
}

/** Sends a message to each channel, from a member that is still connected. Returns the texts by channel. */
async function sendToAllChannels(world: World, { carol, ben, channels }: Standing): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const channel of channels) {
    const data = `audit of ${channel}`;
    const sender = (await isMember(world, carol, channel)) ? carol : ben;
    if (!(await isMember(world, sender, channel))) continue;
    world.pass(60_000);
    await world.send(sender, { message: "sendmessage", channel, data });
    await world.drain();
    texts.set(channel, data);
  }
  return texts;
}

const isMember = async ({ chat }: World, { id, isOpen }: Socket, channel: string): Promise<boolean> =>
  isOpen && ((await chat.connections.get(id))?.memberships ?? []).some((shard) => shard.channel === channel);

function wrongDeliveries(standing: Standing, [channel, text]: readonly [string, string]): string[] {
  const { anna, ben, moved, removed } = standing;
  const isBenOut = removed?.user === "ben" && (removed.channel ?? channel) === channel;
  const bens =
    isBenOut && timesReceived(ben, text) > 0 ? [`ben was removed from ${channel}, and receives its messages`] : [];
  if (!anna) return bens;
  const promised = moved.get(channel) ?? (channel === "lobby" ? "in" : "out");
  return [...bens, ...wrongTimes({ channel, promised, times: timesReceived(anna, text) })];
}

interface Deliveries {
  readonly channel: string;
  readonly promised: "in" | "out" | "unknown";
  readonly times: number;
}

function wrongTimes({ channel, promised, times }: Deliveries): string[] {
  if (promised === "in" && times === 0) return [`anna was told that she is in ${channel}, and receives no messages`];
  if (promised === "out" && times > 0)
    return [`anna was told that she is not in ${channel}, and receives its messages`];
  return times > 1 ? [`anna receives messages of ${channel} more than once`] : [];
}

const timesReceived = ({ received }: Socket, text: string): number =>
  received.filter((frame) => (typeof frame === "string" ? frame : frame.type === "message" && frame.data) === text)
    .length;

/** Checks that every acknowledged message is in the history once. */
async function wrongHistory(world: World, { carol, acknowledged }: Standing): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id, channel } of acknowledged.filter((each) => isPublic(each.channel))) {
    const ids = (await world.history(carol, { channel })).flatMap(({ messages }) =>
      messages.map((message) => message.id),
    );
    if (ids.filter((each) => each === id).length !== 1)
      wrong.push("an acknowledged message is not in the history once");
  }
  return wrong;
}

/**
 * Checks that an acknowledged edit or deletion took effect once, and is in a push to carol, or to ben if it is in their
 * conversation, and in the history.
 */
async function wrongChange(world: World, { carol, ben, changed }: Standing): Promise<string[]> {
  if (!changed) return [];
  const { id, channel, direct, by } = changed;
  const reader = direct === undefined ? carol : ben;
  const stored = await world.chat.messages.get({ channel, id });
  const isDone = by === "edit" ? stored?.versions?.length === 1 : stored?.deleted;
  const isNotice = (frame: ServerFrame | string): boolean =>
    typeof frame === "object" &&
    ((frame.type === "edited" && frame.id === id && frame.data === stored?.data) ||
      (frame.type === "deleted" && frame.id === id));
  const pages = await world.history(reader, direct === undefined ? { channel } : { direct: "anna" });
  const recorded = pages.flatMap(({ edits = [], changes = [] }) => [...edits, ...changes]);
  return [
    ...(isDone ? [] : [`an acknowledged ${by} did not take effect once`]),
    ...(reader.received.some(isNotice) ? [] : [`an acknowledged ${by} was not delivered`]),
    ...(recorded.some(isNotice) ? [] : [`an acknowledged ${by} is not in the history`]),
    ...(direct === undefined ? [] : await unlistedChange(world, direct, recorded.findLast(isNotice)?.change ?? "")),
  ];
}

/** Clients that were away read only conversations whose latest message or change is new to them. */
async function unlistedChange({ chat }: World, direct: string, change: string): Promise<string[]> {
  const pair = pairOf("anna", { name: direct });
  const wrong: string[] = [];
  for (const user of ["anna", direct]) {
    const [listed] = (await chat.conversations.list(user, { limit: 100 })).filter((each) => each.pair === pair);
    if ((listed?.change ?? "") < change) wrong.push(`an acknowledged change is not in the list of ${user}`);
  }
  return wrong;
}

/** Checks that every acknowledged direct message is in its conversation once, and that both users have it in their lists. */
async function wrongConversations({ chat }: World, { acknowledgedDirect }: Standing): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id, to } of acknowledgedDirect) {
    const pair = pairOf("anna", { name: to });
    const log = await chat.messages.read({ channel: conversationLog(pair), limit: 100, latestFirst: false });
    if (log.filter((entry) => entry.id === id).length !== 1)
      wrong.push("an acknowledged direct message is not in its conversation once");
    for (const user of ["anna", to]) {
      const listed = await chat.conversations.list(user, { limit: 100 });
      if (!listed.some((each) => each.pair === pair && each.last >= id))
        wrong.push(`an acknowledged direct message is not in the list of ${user}`);
    }
  }
  return wrong;
}

/** Checks that a client that follows the notices shows the result of `members`. */
async function wrongPresence(world: World, { carol, channels, view: shownBy }: Standing): Promise<string[]> {
  if (!shownBy) return [];
  const view: View = new Map(shownBy);
  for (const frame of carol.received) if (typeof frame === "object") follow(view, frame);
  const listed = await world.listed(channels);
  const compared = channels.filter((channel) => isPublic(channel) && shownBy.has(channel));
  return compared.flatMap((channel) => {
    const [listedUsers, shown] = [listed.get(channel) ?? new Set<string>(), view.get(channel) ?? new Set<string>()];
    const missing = [...listedUsers].filter((user) => !shown.has(user));
    const stale = [...shown].filter((user) => !listedUsers.has(user));
    return [
      ...missing.map((user) => `nobody was notified that ${nameOf(user)} is in ${channel}`),
      ...stale.map((user) => `nobody was notified that ${nameOf(user)} is not in ${channel}`),
    ];
  });
}

const nameOf = (user: string): string => user.replace(/^guest-.*/, "a guest");

function follow(view: View, frame: ServerFrame): void {
  if (frame.type !== "joined" && frame.type !== "left" && frame.type !== "named") return;
  const users = view.get(frame.channel);
  if (frame.type === "named") users?.delete(frame.before);
  if (frame.type === "left") users?.delete(frame.user);
  else users?.add(frame.user);
}

/** Checks that a new connection of anna is in the channels of which she is a member, and in no others. */
export async function wrongChannels({ chat }: World, { anna, moved }: Standing): Promise<string[]> {
  const { memberships = [] } = (anna && (await chat.connections.get(anna.id))) ?? {};
  return [...moved].flatMap(([channel, promised]) => {
    const isIn = memberships.some((shard) => shard.channel === channel);
    if (promised === "unknown" || isIn === (promised === "in")) return [];
    const [told, found] = isIn ? ["not in", "in"] : ["in", "not in"];
    return [`anna was told that she is ${told} ${channel}, and a new connection is ${found} it`];
  });
}

/** Checks that a banned user has no open connection and cannot open one. */
async function wrongBans(world: World, { banned }: Standing): Promise<string[]> {
  if (banned === undefined) return [];
  const isOpen = world.sockets.some((socket) => socket.user === banned && socket.isOpen);
  const { socket } = await world.connect(banned);
  return isOpen || socket.isOpen ? [`${banned} was banned, and is connected`] : [];
}

async function wrongMarker({ chat }: World, { read }: Standing): Promise<string[]> {
  if (!read) return [];
  const { channel = LOBBY, direct, target } = read;
  const log = direct === undefined ? channel : conversationLog(chat.pairOf("anna", { name: direct }));
  const marker = await chat.readMarkers.get("anna", log);
  return marker === target ? [] : ["the read marker of an acknowledged frame is not stored"];
}

/** Checks that the reaction is stored, and that clients that were away find a record of it. */
async function wrongReactions({ chat }: World, { reacted }: Standing): Promise<string[]> {
  if (!reacted) return [];
  const reactions = await chat.reactions.get(reacted, "");
  const records = await chat.reactions.records({ channel: reacted.channel, limit: 10 });
  return [
    ...(reactions?.counts.length === 1 ? [] : ["the reaction of an acknowledged frame is not stored"]),
    ...(records.length > 0 ? [] : ["an acknowledged reaction has no record"]),
  ];
}

/** Checks that an unused name can be chosen, and that a disconnected user can connect again, despite the limits. */
async function wrongClaims(world: World, { anna, names }: Standing): Promise<string[]> {
  const wrong: string[] = [];
  const { socket: dora } = await world.connect("dorothea");
  const used = await world.namesInUse();
  for (const name of new Set(names.filter((each) => !used.includes(each)))) {
    const { answer } = await world.send(dora, { message: "name", data: name });
    if (answer?.type === "error" && answer.code === "name-taken")
      wrong.push(`no user has the name ${name}, but it is taken`);
  }
  if (anna) await world.disconnect(anna);
  world.pass(60_000);
  const { socket } = await world.connect("anna");
  return socket.isOpen ? wrong : [...wrong, "anna has disconnected, and cannot connect again"];
}
