import {
  ChatError,
  type Conversation,
  findMentions,
  LOBBY,
  type Message,
  mentionsIn,
  type Session,
  type UnreadConversation,
} from "@serverless-chat/client";
import type { Input, Request } from "./commands.ts";
import { type Line, linesOfDirect, linesOfMessage, note, senderOf } from "./lines.ts";
import { visible, visibleLines } from "./visible.ts";

type RequestOf<Route extends Request["message"]> = Extract<Request, { message: Route }>;

/** The result of a request. */
export interface Result {
  /** None for a message that was sent: it is reported as an event. */
  readonly lines: readonly Line[];
  /** The message that was sent to a channel. The event can come later. */
  readonly sent?: Message;
  /** The full name of the channel that was joined. */
  readonly joined?: string;
}

/** Performs a request. Rejects with a `ChatError` if it fails. */
export async function performRequest(session: Session, request: Request): Promise<Result> {
  if (request.message === "join") {
    const joined = await session.join(request.channel, { private: request.private === true });
    return { lines: [note(`* you are in #${visible(joined)}`)], joined };
  }
  if (request.message === "sendmessage") return { lines: [], sent: await send(session, request) };
  const perform = REQUESTS[request.message] as (session: Session, request: Request) => Promise<Line[]>;
  return { lines: await perform(session, request) };
}

async function send(session: Session, { channel = LOBBY, data, replyTo }: RequestOf<"sendmessage">): Promise<Message> {
  return session.send(channel, data, { replyTo, mentions: await mentionedMembers(session, channel, data) });
}

const DONE = [note("* done")];

const REQUESTS: {
  readonly [Route in Exclude<Request["message"], "join" | "sendmessage">]: (
    session: Session,
    request: RequestOf<Route>,
  ) => Promise<Line[]>;
} = {
  async leave(session, { channel }) {
    await session.leave(channel);
    return [note(`* you left #${visible(channel)}`)];
  },
  async name(session, { data }) {
    await session.rename(data);
    return [];
  },
  async direct(session, { to, data, replyTo }) {
    await session.direct(to, data, { replyTo });
    return visibleLines(data).map((text) => ({ kind: "own", text: `> to ${visible(to)} only: ${text}` }));
  },
  async history(session, { channel = LOBBY, limit = 50, direct }) {
    if (direct !== undefined) return linesOfConversation(session, direct, limit);
    const { messages } = await session.history(channel, { limit });
    return messages.flatMap((message) =>
      linesOfMessage(message, {
        isOwn: !message.publisher && message.from === session.user,
        where: `#${visible(message.channel)} `,
      }),
    );
  },
  async conversations(session) {
    const { conversations, cursor } = await session.conversations();
    const names = [...conversations].sort((one, other) => (one.last < other.last ? 1 : -1)).map(nameOf);
    return [note(`* conversations: ${listOf(names, cursor)}`)];
  },
  async members(session, { channel = LOBBY }) {
    const { members, cursor } = await session.members(channel);
    return [note(`* in #${visible(channel)}: ${listOf(members, cursor)}`)];
  },
  async channels(session) {
    const { channels, cursor } = await session.listChannels();
    return [note(`* channels: ${listOf(channels, cursor)}`)];
  },
  async unread(session) {
    return [note(`* unread: ${(await unreadIn(session)) || "nothing"}`)];
  },
  read: (session, { channel = LOBBY, direct, target }) =>
    done(direct === undefined ? session.markRead(channel, target) : session.markConversationRead(direct, target)),
  invite: (session, { channel, user, revoke }) =>
    done(revoke ? session.revoke(channel, user) : session.invite(channel, user)),
  kick: (session, { user }) => done(session.kick(user)),
  ban: (session, { user }) => done(session.ban(user)),
  unban: (session, { user }) => done(session.unban(user)),
  mute: (session, { channel = LOBBY, user, seconds }) => done(session.mute(channel, user, seconds)),
  delete: (session, { channel = LOBBY, target }) => done(session.remove(channel, target)),
  react: (session, { channel = LOBBY, target, emoji }) => done(session.react(channel, target, emoji)),
  edit: (session, { channel = LOBBY, target, data }) => done(session.edit(channel, target, data)),
};

/** How many direct messages are searched for the last one of a user. */
const SEARCHED = 50;

/** Changes the last direct message to a user, or answers the last one of that user. Rejects with a `ChatError` if it fails. */
export async function performDirect(
  session: Session,
  { user: direct, action }: Extract<Input, { kind: "direct" }>,
): Promise<readonly Line[]> {
  const author = action.do === "edit" || action.do === "delete" ? session.user : direct;
  const { messages } = await session.conversation(direct, { limit: SEARCHED });
  const last = messages.findLast(({ from, deleted }) => from === author && !deleted);
  if (!last) return [note(`* none of the last ${SEARCHED} direct messages is from ${visible(author ?? "you")}`)];
  switch (action.do) {
    case "edit":
      return done(session.edit({ direct }, last.id, action.data));
    case "delete":
      return done(session.remove({ direct }, last.id));
    case "react":
      return done(session.react({ direct }, last.id, action.emoji));
    case "reply":
      return REQUESTS.direct(session, { message: "direct", to: direct, data: action.data, replyTo: last.id });
  }
}

/** An `@` that can begin a mention. */
const AT = /(?<![\p{L}\p{M}\p{N}_])@\S/gu;

/** Of 100 members each. Each page is a frame, which counts for the rate limit. */
const MENTION_PAGES_MAX = 5;

/** Reads the members until each possible mention in the text is that of a member. */
async function mentionedMembers(session: Session, channel: string, text: string): Promise<string[]> {
  const possible = text.match(AT)?.length ?? 0;
  const members: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MENTION_PAGES_MAX; pages += 1) {
    if (findMentions(text, members).length >= possible) break;
    const page = await session.members(channel, cursor === undefined ? {} : { cursor });
    members.push(...page.members);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return mentionsIn(text, members);
}

/** The direct messages with a user. A backend with the same name has another conversation. */
async function linesOfConversation(session: Session, user: string, limit: number): Promise<Line[]> {
  const { messages } = await session.conversation(user, { limit });
  return messages.flatMap((message) => linesOfDirect(message, { isOwn: message.from === session.user }));
}

const nameOf = ({ direct, publisher }: Pick<Conversation, "direct" | "publisher">): string =>
  senderOf({ from: direct, publisher });

/** The channels and users with unread messages, or with possibly unread ones. Empty if there are none. */
export async function unreadIn(session: Session): Promise<string> {
  const counts = await session.unread();
  const conversations = await unreadConversations(session);
  return [
    ...counts.map((each) => ({ ...each, name: `#${each.channel}` })),
    ...conversations.map((each) => ({ ...each, name: nameOf(each) })),
  ]
    .filter(({ count, more }) => count > 0 || more)
    .map(({ name, count, more }) => `${visible(name)} ${count === 0 ? "maybe" : `${count}${more ? "+" : ""}`}`)
    .join(", ");
}

/** The counts of the first page of conversations. Empty in a chat that does not store direct messages. */
async function unreadConversations(session: Session): Promise<readonly UnreadConversation[]> {
  try {
    const { conversations } = await session.conversations();
    return await session.unreadConversations(conversations);
  } catch (fault) {
    if (fault instanceof ChatError && fault.code === "unknown-route") return [];
    throw fault;
  }
}

async function done(request: Promise<void>): Promise<Line[]> {
  await request;
  return DONE;
}

const listOf = (names: readonly string[], cursor: string | undefined): string =>
  names.map(visible).join(", ") + (cursor === undefined ? "" : ", and more");
