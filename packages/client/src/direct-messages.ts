import type { Connection } from "./connection.ts";
import { withEdit } from "./message-feed.ts";
import type { DirectChange, DirectDeletion, DirectEdited, DirectMessage, DirectReacted } from "./protocol.ts";
import { PAGE_MAX, RESUME_WINDOW_MILLISECONDS } from "./protocol.ts";
import { ReactionChanges } from "./reactions.ts";
import { RecentMap } from "./recent-map.ts";
import type { Conversation, ConversationPage } from "./replies.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import { errorOf, type SessionContext, type StoredDirectMessages } from "./session-context.ts";
import { FIRST_ID, lowestIdAt, timeOfId } from "./ulid.ts";
import type { Reply, RequestOf } from "./wire.ts";

/** How many ids of reported messages are remembered. */
const SEEN_MAX = 10_000;

/** The last edits, deletions and reactions, of this many messages each, are remembered. */
const CHANGES_MAX = 1_000;

/** How far a conversation has been read. */
interface Progress {
  /** The id of the latest message or change in the list of conversations. */
  readonly last: string;
  /** Messages up to this id are from before the session, and are reported only if they are pushed. */
  readonly start: string;
  /** When the session found `last`, in epoch milliseconds. */
  readonly foundAt: number;
  /** Whether the conversation was read so long after `foundAt` that no older message can become visible. */
  readonly isRead: boolean;
}

/** The direct messages of a session, in a chat that stores them. */
export class DirectMessages implements StoredDirectMessages {
  /** The ids of the messages that were reported. */
  readonly #seen = new Set<string>();
  /** The latest edit or the deletion of a message, by its id. A change can be pushed before its message, or be read again. */
  readonly #changes = new RecentMap<DirectEdited | DirectDeletion>(CHANGES_MAX);
  readonly #reactions = new ReactionChanges<DirectReacted>(CHANGES_MAX);
  /** By conversation. Undefined until the list has been read for the first time. */
  #progress: Map<string, Progress> | undefined;
  user: string | undefined;

  take({ id }: { readonly id: string }): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= SEEN_MAX) break;
      this.#seen.delete(oldest);
    }
    return true;
  }

  current(message: DirectMessage): DirectMessage | undefined {
    const known = this.#changes.get(message.id);
    return known?.type === "deleted" ? undefined : this.#reactions.applyTo(withEdit(message, known));
  }

  change(change: DirectChange, user: string | undefined): DirectChange | undefined {
    const known = this.#changes.get(change.id);
    if (known?.type === "deleted") return undefined;
    if (change.type === "reacted") return this.#reactions.add(change, user);
    if (known && change.type === "edited" && change.edit <= known.edit) return undefined;
    this.#changes.set(change.id, change);
    return change;
  }

  /** The first time, only the list of conversations is reported: the application reads the conversations that it shows. */
  async readMissed(context: SessionContext, connection: Connection): Promise<boolean> {
    this.user = context.user ?? this.user;
    const listed = await listConversations(context, connection);
    if (!listed) return false;
    if (listed === REFUSED) return true;
    if (!this.#progress) this.#progress = new Map(listed.map((each) => [keyOf(each), startingAt(each)]));
    for (const each of listed) if (!(await this.#catchUp(context, connection, each))) return false;
    context.emit("conversations", listed);
    return true;
  }

  /** A message can become visible after one with a later id, so a conversation is read once more after a while. */
  async #catchUp(context: SessionContext, connection: Connection, listed: Conversation): Promise<boolean> {
    const now = context.ports.now();
    const { last: _last, change: _change, ...other } = listed;
    const last = latestOf(listed);
    const known = this.#progress?.get(keyOf(other)) ?? { ...startingAt({ last: FIRST_ID }), isRead: false };
    const isNew = last > known.last;
    if (known.isRead && !isNew) return true;
    if (!(await this.#read(context, connection, { other, after: earlier(known.last), start: known.start })))
      return false;
    const foundAt = isNew ? now : known.foundAt;
    const isRead = now - foundAt >= RESUME_WINDOW_MILLISECONDS;
    this.#progress?.set(keyOf(other), { ...known, last: isNew ? last : known.last, foundAt, isRead });
    return true;
  }

  async #read(
    context: SessionContext,
    connection: Connection,
    { other, after, start }: { readonly other: Other; readonly after: string; readonly start: string },
  ): Promise<boolean> {
    let from: string | undefined = after;
    while (from !== undefined) {
      const page = await ask(context, connection, { message: "history", ...other, after: from, limit: PAGE_MAX });
      if (!page || dropIfFailed(connection, page)) return false;
      if (page.type !== "conversation") return true;
      for (const message of page.messages.filter(({ id }) => id > start)) reportDirect(context, message);
      for (const change of changesOn(page)) reportDirectChange(context, change);
      from = page.cursor?.after;
    }
    return true;
  }
}

type Other = Pick<Conversation, "direct" | "publisher">;

const latestOf = ({ last, change = last }: Pick<Conversation, "last" | "change">): string =>
  change > last ? change : last;

const changesOn = ({ edits, changes, reactions }: ConversationPage): readonly DirectChange[] =>
  [edits, changes, reactions].flatMap<DirectChange>((each) => each ?? []);

const earlier = (id: string): string => (id === FIRST_ID ? id : lowestIdAt(timeOfId(id) - RESUME_WINDOW_MILLISECONDS));

const keyOf = ({ direct, publisher }: Other): string => JSON.stringify([direct, publisher]);

const startingAt = (conversation: Pick<Conversation, "last" | "change">): Progress => ({
  last: latestOf(conversation),
  start: conversation.last,
  foundAt: 0,
  isRead: true,
});

const ask = (
  { ports }: SessionContext,
  connection: Connection,
  request: RequestOf<"history"> | RequestOf<"conversations">,
): Promise<Reply | undefined> => askWithRetries(ports, connection, { ...request, id: ports.newId() });

const REFUSED = "refused";

/** Undefined if the connection was lost. */
async function listConversations(
  context: SessionContext,
  connection: Connection,
): Promise<readonly Conversation[] | typeof REFUSED | undefined> {
  const all: Conversation[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(context, connection, { message: "conversations", ...(cursor !== undefined && { cursor }) });
    if (!page || dropIfFailed(connection, page)) return undefined;
    if (page.type === "error") context.emit("error", errorOf(page));
    if (page.type !== "conversations") return REFUSED;
    all.push(...page.conversations);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

/** Reports a direct message with its latest changes, unless it was reported before or was deleted. */
export function reportDirect(context: SessionContext, message: DirectMessage): void {
  const { direct } = context;
  if (direct && !direct.take(message)) return;
  const current = direct ? direct.current(message) : message;
  if (!current) return;
  const isOwn = !message.publisher && message.from === userOf(context);
  context.emit("direct", { ...current, isOwn });
}

/** Reports a change of a direct message, unless it or a newer one was reported before. */
export function reportDirectChange(context: SessionContext, change: DirectChange): void {
  const news = context.direct ? context.direct.change(change, userOf(context)) : change;
  if (news) context.emit("directChange", news);
}

const userOf = ({ user, direct }: SessionContext): string | undefined => user ?? direct?.user;
