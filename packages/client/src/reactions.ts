import type { Message, Reacted, Reactions } from "./protocol.ts";

/**
 * The reactions to a message after a change, for a user. A push has no `own`, because all members get the same one: the
 * user's own reaction changes only with a push about the user.
 */
export function reactionsAfter(
  current: Reactions | undefined,
  { user, emoji, reactions }: Pick<Reacted, "user" | "emoji" | "reactions">,
  self: string | undefined,
): Reactions {
  if (current && current.revision >= reactions.revision) return current;
  const { counts, revision } = reactions;
  const others = user === undefined ? reactions.own : current?.own;
  const own = user !== undefined && user === self ? emoji : others;
  return { counts, revision, ...(own !== undefined && { own }) };
}

/** A message with newer reactions. A deleted message has none. */
export const withReactions = (message: Message, reactions: Reactions | undefined): Message =>
  reactions && !message.deleted && reactions.revision > (message.reactions?.revision ?? 0)
    ? { ...message, reactions }
    : message;
