import type { Message, Reacted, Reactions } from "./protocol.ts";
import { RecentMap } from "./recent-map.ts";

/**
 * Returns the reactions to a message after a change, for a user. All members get the same push, so it has no `own`: the user's
 * own reaction changes only with a push about this user, or with the history, which has no `user`.
 */
export function reactionsAfter(
  current: Reactions | undefined,
  { user, emoji, reactions }: Pick<Reacted, "user" | "emoji" | "reactions">,
  self: string | undefined,
): Reactions {
  const { counts, revision } = reactions;
  // With the same revision, the history can have the `own` that a push about another user did not have.
  const isNews = revision > (current?.revision ?? 0) || (user === undefined && revision === current?.revision);
  if (current && !isNews) return current;
  const others = user === undefined ? reactions.own : current?.own;
  const own = user !== undefined && user === self ? emoji : others;
  return { counts, revision, ...(own !== undefined && { own }) };
}

/** In a channel or in a conversation. */
type AnyReacted = Omit<Reacted, "channel">;

/** The known reactions to a message that may not be loaded. */
interface Known<Change extends AnyReacted> {
  readonly latest: Change;
  /** The latest reactions with the user's own one, from the history or a push about the user. They can be older. */
  readonly withOwn: Reactions | undefined;
}

const withKnown = (reactions: Reactions | undefined, { latest, withOwn }: Known<AnyReacted>): Reactions =>
  reactionsAfter(withOwn ? reactionsAfter(reactions, { reactions: withOwn }, undefined) : reactions, latest, undefined);

/** Remembers the latest changes of reactions, because a page of the history can have been read before them. */
export class ReactionChanges<Change extends AnyReacted = Reacted> {
  readonly #known: RecentMap<Known<Change>>;

  /** `size`: the number of messages. */
  constructor(size: number) {
    this.#known = new RecentMap(size);
  }

  /**
   * Adds a change, for a user with this name. Returns the change if it is new. If later counts are already known and
   * only the user's own reaction is new, returns it in the form of the history. Returns undefined if nothing is new.
   */
  add(reacted: Change, self: string | undefined): Change | undefined {
    const { id, user, reactions } = reacted;
    const known = this.#known.get(id);
    const isLatest = reactions.revision > (known?.latest.reactions.revision ?? 0);
    const hasOwn = user === undefined || user === self;
    const isOwnNew = hasOwn && reactions.revision > (known?.withOwn?.revision ?? 0);
    if (!isLatest && !isOwnNew) return undefined;
    const changed: Known<Change> = {
      latest: isLatest || !known ? reacted : known.latest,
      withOwn: isOwnNew ? reactionsAfter(undefined, reacted, self) : known?.withOwn,
    };
    this.#known.set(id, changed);
    if (isLatest) return reacted;
    const { user: _user, emoji: _emoji, ...unnamed } = reacted;
    return { ...unnamed, reactions: withKnown(undefined, changed) } as Change;
  }

  /** A message with its latest reactions. A deleted message has none. */
  applyTo<AnyMessage extends Pick<Message, "id" | "deleted" | "reactions">>(message: AnyMessage): AnyMessage {
    const known = message.deleted ? undefined : this.#known.get(message.id);
    return known ? { ...message, reactions: withKnown(message.reactions, known) } : message;
  }
}
