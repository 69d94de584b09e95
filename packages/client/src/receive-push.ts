import { ChatError } from "./chat-error.ts";
import { reportDirect, reportDirectChange } from "./direct-messages.ts";
import type { Deletion, DirectChange, Edited, Reacted } from "./protocol.ts";
import { endFeed, type SessionContext } from "./session-context.ts";
import type { Push } from "./wire.ts";

/** Handles a frame that does not answer a request. Returns the error that it ends the session with, if it does. */
export function receivePush(context: SessionContext, frame: Push): ChatError | undefined {
  const { feeds, emit } = context;
  // A frame without a channel is about this user.
  const isRelevant = !("channel" in frame) || frame.channel === undefined || feeds.has(frame.channel);
  switch (frame.type) {
    case "message":
      feeds.get(frame.channel)?.receive(frame);
      break;
    case "deleted":
    case "reacted":
    case "edited":
      receiveChange(context, frame as Deletion | Edited | Reacted | DirectChange);
      break;
    case "joined":
    case "left":
    case "named":
      if (isOwnLeft(context, frame)) endFeed(context, frame.channel);
      else if (isRelevant) emit("presence", frame);
      break;
    case "typing":
      if (isRelevant) emit("typing", frame);
      break;
    case "read":
      emit("read", frame);
      break;
    case "receipt":
      emit("receipt", frame);
      break;
    case "direct":
      reportDirect(context, frame);
      break;
    default:
      return receiveModeration(context, frame);
  }
  return undefined;
}

function receiveChange(context: SessionContext, change: Deletion | Edited | Reacted | DirectChange): void {
  if ("direct" in change) reportDirectChange(context, change);
  else context.feeds.get(change.channel)?.change(change);
}

/**
 * Whether this user has left the channel with another connection. A guest who has claimed a name can get the `left` of a lost
 * connection that held the name before.
 */
const isOwnLeft = ({ user, name }: SessionContext, frame: Push): boolean =>
  frame.type === "left" && frame.user === user && name === undefined;

type Moderation = Extract<Push, { type: "invited" | "revoked" | "kicked" | "banned" | "muted" | "unmuted" }>;

function receiveModeration(context: SessionContext, frame: Moderation): ChatError | undefined {
  if (frame.type === "revoked") endFeed(context, frame.channel);
  // A later version of the chat can send frames of other types.
  if (MODERATIONS.has(frame.type)) context.emit("moderation", frame);
  if (frame.type !== "kicked" && frame.type !== "banned") return undefined;
  const until = frame.type === "banned" && frame.until !== undefined ? ` until ${frame.until}` : "";
  // The session must not reconnect by itself.
  const advice = frame.type === "kicked" ? " Start a new session to connect again." : "";
  return new ChatError(frame.type, `The moderator ${frame.by} has ${frame.type} this user${until}.${advice}`);
}

const MODERATIONS: ReadonlySet<string> = new Set([
  "invited",
  "revoked",
  "kicked",
  "banned",
  "muted",
  "unmuted",
] satisfies Moderation["type"][]);
