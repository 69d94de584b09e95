import type { Deletion, DirectChange, Edited, Reacted, Session } from "@serverless-chat/client";
import { type Chunks, withEdit, withoutText, withReactions } from "../model/chunks.ts";
import { channelKey, conversationKey } from "./chat-state.ts";

/** A change of a message that was sent before. Can be repeated. */
export type MessageChange = (chunks: Chunks) => Chunks;

/** Reports the changes of messages with the keys of their conversations. Returns a function that unsubscribes. */
export function onMessageChange(session: Session, report: (key: string, change: MessageChange) => void): () => void {
  const show = (event: Deletion | Edited | Reacted | DirectChange): void => {
    const key = "channel" in event ? channelKey(event.channel) : conversationKey(event);
    report(key, (chunks) => changed(chunks, event, session.user));
  };
  const ends = (["deleted", "edited", "reacted", "directChange"] as const).map((type) => session.on(type, show));
  return () => {
    for (const end of ends) end();
  };
}

function changed(chunks: Chunks, event: Deletion | Edited | Reacted | DirectChange, user: string | undefined): Chunks {
  if (event.type === "deleted") return withoutText(chunks, event.id);
  return event.type === "edited" ? withEdit(chunks, event) : withReactions(chunks, event, user);
}
