import type { Session } from "@serverless-chat/client";
import { type Chunks, withEdit, withoutText, withReactions } from "../model/chunks.ts";

/** A change of a message that was sent before. Can be repeated. */
export type MessageChange = (chunks: Chunks) => Chunks;

/** Reports the changes of messages with their channels. Returns a function that unsubscribes. */
export function onMessageChange(
  session: Session,
  report: (channel: string, change: MessageChange) => void,
): () => void {
  const ends = [
    session.on("deleted", ({ channel, id }) => report(channel, (chunks) => withoutText(chunks, id))),
    session.on("edited", (edited) => report(edited.channel, (chunks) => withEdit(chunks, edited))),
    session.on("reacted", (reacted) =>
      report(reacted.channel, (chunks) => withReactions(chunks, reacted, session.user)),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}
