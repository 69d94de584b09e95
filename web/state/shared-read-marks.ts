import type { Conversation as Listed, ReadNotice, Session, UnreadCount } from "@serverless-chat/client";
import type { Chunks } from "../model/chunks.ts";
import type { Chat } from "./chat.ts";
import { channelKey, directKey, programKey, withConversation } from "./chat-state.ts";
import { ReadMarks } from "./read-marks.ts";
import type { UserStorage } from "./user-storage.ts";

/** The mark of a conversation is sent at most this often. */
const SEND_MILLISECONDS = 2_000;

/** A user can have thousands of conversations, and each count is a query. Others are counted when they have new messages. */
const COUNTED_MAX = 1_000;

/** The latest conversations, which are counted at once. */
const COUNTED_AT_ONCE = 100;

/** Further conversations are counted so many at a time, in one frame, so that the user's frames do not exceed the rate limit. */
const COUNTED_LATER = 50;
const LATER_MILLISECONDS = 1_000;

type MarkingSession = Pick<Session, "state" | "markRead" | "markConversationRead">;

/** The marks that the chat stores for all devices of the user. */
export class SharedReadMarks extends ReadMarks {
  readonly #session: MarkingSession;
  readonly #storesDirect: boolean;
  /** The id of the latest message that the user has read on any device, by key. */
  readonly #marks = new Map<string, string>();
  /** The keys whose mark was sent a moment ago. */
  readonly #waiting = new Set<string>();

  /** The marks of direct messages that are not stored are in this browser. */
  constructor(storage: UserStorage, session: MarkingSession, { storesDirect }: { readonly storesDirect: boolean }) {
    super(storage);
    this.#session = session;
    this.#storesDirect = storesDirect;
  }

  /** Empty if nothing is read. */
  markOf(key: string): string {
    return this.#marks.get(key) ?? "";
  }

  override isUnread(key: string, id: string): boolean {
    return this.#isShared(key) ? id > this.markOf(key) : super.isUnread(key, id);
  }

  override mark(key: string, id: string): void {
    if (!this.#isShared(key)) super.mark(key, id);
    // The marks of the chat are unknown while the session reads the history. They are compared once it is online.
    else if (this.#session.state.status === "online" && this.follow(key, id)) this.#send(key);
  }

  /** The chat counts from the beginning of the history. */
  override begin(): void {}

  /** Applies a mark of the chat. Returns false if the current mark is the same or later. */
  follow(key: string, id: string): boolean {
    if (id <= this.markOf(key)) return false;
    this.#marks.set(key, id);
    return true;
  }

  #isShared(key: string): boolean {
    return key.startsWith("#") || this.#storesDirect;
  }

  #send(key: string): void {
    if (this.#waiting.has(key)) return;
    const id = this.markOf(key);
    this.#waiting.add(key);
    // The next mark is sent even if it is the same.
    void this.#store(key, id).catch(() => undefined);
    setTimeout(() => {
      this.#waiting.delete(key);
      if (this.markOf(key) > id) this.#send(key);
    }, SEND_MILLISECONDS);
  }

  #store(key: string, id: string): Promise<void> {
    const name = key.slice(1);
    if (key.startsWith("#")) return this.#session.markRead(name, id);
    return this.#session.markConversationRead(name, id, key === programKey(name) ? { publisher: true } : {});
  }
}

/** Shows the counts of the chat when the session is online, what the user reads on other devices, and read receipts. */
export function followReadMarks(chat: Chat, marks: SharedReadMarks): void {
  const { session } = chat;
  let conversations: readonly Listed[] = [];
  session.on("conversations", (listed) => {
    conversations = listed;
  });
  let states = 0;
  session.on("state", async ({ status }) => {
    states += 1;
    const own = states;
    if (status !== "online") return;
    void showCounts(chat, marks);
    const listed = latestOf(conversations);
    await showDirectCounts(chat, marks, listed.slice(0, COUNTED_AT_ONCE));
    await showFurtherCounts(chat, marks, { listed: listed.slice(COUNTED_AT_ONCE), isCurrent: () => own === states });
  });
  session.on("read", (notice) => followRead(chat, marks, notice));
  session.on("receipt", ({ direct, id }) => showReceipt(chat, directKey(direct), id));
}

/** Counts the messages that the page has, or requests the count. */
function followRead(chat: Chat, marks: SharedReadMarks, { channel, direct = "", publisher, id }: ReadNotice): void {
  const key = channel === undefined ? keyOf({ direct, publisher }) : channelKey(channel);
  if (!marks.follow(key, id)) return;
  const { conversations, user } = chat.state;
  const chunks = conversations.get(key)?.chunks ?? [];
  const first = chunks[0]?.[0]?.id ?? "";
  if (first !== "" && first <= id) showUnread(chat, key, { count: countAfter(chunks, id, user) });
  else if (channel === undefined) void showDirectCounts(chat, marks, [{ direct, publisher }]);
  else void showCounts(chat, marks, [channel]);
}

type Other = Pick<Listed, "direct" | "publisher">;

const keyOf = ({ direct, publisher }: Other): string => (publisher ? programKey(direct) : directKey(direct));

const latestOf = (conversations: readonly Listed[]): readonly Listed[] =>
  [...conversations].sort((one, other) => (one.last < other.last ? 1 : -1)).slice(0, COUNTED_MAX);

async function showCounts(chat: Chat, marks: SharedReadMarks, channels?: readonly string[]): Promise<void> {
  // If the request fails, the badges do not change.
  const counts = await chat.session.unread(channels).catch(() => []);
  for (const count of counts) showCount(chat, marks, { key: channelKey(count.channel), ...count });
}

async function showFurtherCounts(
  chat: Chat,
  marks: SharedReadMarks,
  { listed, isCurrent }: { readonly listed: readonly Listed[]; readonly isCurrent: () => boolean },
): Promise<void> {
  for (let next = 0; next < listed.length; next += COUNTED_LATER) {
    await new Promise((resolve) => setTimeout(resolve, LATER_MILLISECONDS));
    if (!isCurrent()) return;
    await showDirectCounts(chat, marks, listed.slice(next, next + COUNTED_LATER));
  }
}

async function showDirectCounts(chat: Chat, marks: SharedReadMarks, others: readonly Other[]): Promise<void> {
  for (const count of await chat.session.unreadConversations(others).catch(() => [])) {
    const key = keyOf(count);
    showCount(chat, marks, { key, ...count });
    if (count.receipt !== undefined) showReceipt(chat, key, count.receipt);
  }
}

interface Counted extends Omit<UnreadCount, "channel"> {
  readonly key: string;
}

/** A message can arrive after the chat has counted. The page can have fewer messages than the chat has counted. */
function showCount(chat: Chat, marks: SharedReadMarks, { key, count, more, read }: Counted): void {
  if (read !== undefined) marks.follow(key, read);
  const known = countAfter(chat.state.conversations.get(key)?.chunks ?? [], marks.markOf(key), chat.state.user);
  // The user may have read more messages while the chat counted.
  const isCurrent = marks.markOf(key) === (read ?? "");
  showUnread(chat, key, isCurrent ? { count: Math.max(count, known), more: more === true } : { count: known });
}

interface Shown {
  readonly count: number;
  readonly more?: boolean;
}

function showUnread(chat: Chat, key: string, { count, more = false }: Shown): void {
  chat.update((state) => withConversation(state, key, () => ({ unread: count, hasMoreUnread: more })));
  // The user may be reading the conversation.
  chat.markRead();
}

function showReceipt(chat: Chat, key: string, id: string): void {
  chat.update((state) => withConversation(state, key, ({ receipt }) => ({ receipt: id > receipt ? id : receipt })));
}

/** The messages of others after an id. */
const countAfter = (chunks: Chunks, mark: string, user: string | undefined): number =>
  chunks.flat().filter(({ id, isDeleted, isProgram, from }) => id > mark && !isDeleted && (isProgram || from !== user))
    .length;
