import type { Session, UnreadCount } from "@serverless-chat/client";
import type { Chunks } from "../model/chunks.ts";
import type { Chat } from "./chat.ts";
import { channelKey, withConversation } from "./chat-state.ts";
import { ReadMarks } from "./read-marks.ts";
import type { UserStorage } from "./user-storage.ts";

/** A channel's mark is sent at most this often. */
const SEND_MILLISECONDS = 2_000;

/** The marks of channels that the chat stores for all devices of the user. Direct messages have marks of this browser. */
export class SharedReadMarks extends ReadMarks {
  readonly #session: Pick<Session, "markRead">;
  /** The id of the latest message that the user has read on any device, by key. */
  readonly #marks = new Map<string, string>();
  /** The keys whose mark was sent a moment ago. */
  readonly #waiting = new Set<string>();

  constructor(storage: UserStorage, session: Pick<Session, "markRead">) {
    super(storage);
    this.#session = session;
  }

  /** The mark of a channel. Empty: nothing is read. */
  markOf(key: string): string {
    return this.#marks.get(key) ?? "";
  }

  override isUnread(key: string, id: string): boolean {
    return key.startsWith("#") ? id > this.markOf(key) : super.isUnread(key, id);
  }

  override mark(key: string, id: string): void {
    if (!key.startsWith("#")) super.mark(key, id);
    else if (this.follow(key, id)) this.#send(key);
  }

  /** The chat counts from the beginning of the history. */
  override begin(): void {}

  /** Takes over a mark of the chat. Returns false if the current one is the same or later. */
  follow(key: string, id: string): boolean {
    if (id <= this.markOf(key)) return false;
    this.#marks.set(key, id);
    return true;
  }

  #send(key: string): void {
    if (this.#waiting.has(key)) return;
    const id = this.markOf(key);
    this.#waiting.add(key);
    // The next mark is sent in any case.
    void this.#session.markRead(key.slice(1), id).catch(() => undefined);
    setTimeout(() => {
      this.#waiting.delete(key);
      if (this.markOf(key) > id) this.#send(key);
    }, SEND_MILLISECONDS);
  }
}

/** Shows the counts of the chat when the session is online, and what the user reads on other devices. */
export function followReadMarks(chat: Chat, marks: SharedReadMarks): void {
  const { session } = chat;
  session.on("state", ({ status }) => {
    if (status === "online") void showCounts(chat, marks);
  });
  session.on("read", ({ channel, id }) => {
    if (channel === undefined) return;
    const key = channelKey(channel);
    if (!marks.follow(key, id)) return;
    const chunks = chat.state.conversations.get(key)?.chunks ?? [];
    const first = chunks[0]?.[0]?.id;
    if (first !== undefined && first <= id) showUnread(chat, key, { count: countAfter(chunks, id, chat.state.user) });
    else void showCounts(chat, marks, [channel]);
  });
}

async function showCounts(chat: Chat, marks: SharedReadMarks, channels?: readonly string[]): Promise<void> {
  // Without counts, the badges stay as they are.
  const counts = await chat.session.unread(channels).catch(() => []);
  for (const count of counts) showCount(chat, marks, count);
}

/** A message can arrive after the chat has counted. The page can have fewer messages than the chat has counted. */
function showCount(chat: Chat, marks: SharedReadMarks, { channel, count, more, read }: UnreadCount): void {
  const key = channelKey(channel);
  if (read !== undefined) marks.follow(key, read);
  const known = countAfter(chat.state.conversations.get(key)?.chunks ?? [], marks.markOf(key), chat.state.user);
  // The user may have read further while the chat counted.
  const isCurrent = marks.markOf(key) === (read ?? "");
  showUnread(chat, key, isCurrent ? { count: Math.max(count, known), more: more === true } : { count: known });
}

function showUnread(
  chat: Chat,
  key: string,
  { count, more = false }: { readonly count: number; readonly more?: boolean },
): void {
  chat.update((state) => withConversation(state, key, () => ({ unread: count, hasMoreUnread: more })));
  // The user may be reading the conversation.
  chat.markRead();
}

/** The messages of others after an id. */
const countAfter = (chunks: Chunks, mark: string, user: string | undefined): number =>
  chunks.flat().filter(({ id, isDeleted, isProgram, from }) => id > mark && !isDeleted && (isProgram || from !== user))
    .length;
