import type { ServerFrameOf } from "../chat/protocol/client-frames.ts";
import type { EndCode, News } from "./frames.ts";
import type { MessageFeed, Told } from "./message-feed.ts";
import type { Ports } from "./ports.ts";
import type { Timing } from "./timing.ts";

/** An event that a session reports to its application. */
export type SessionEvent =
  | ({ readonly type: "said"; readonly isOwn: boolean } & Told)
  | { readonly type: "news"; readonly news: Exclude<News, { type: "message" }> }
  /** A request of the session itself was refused: its name, one of its channels, or the history of a channel. */
  | { readonly type: "refused"; readonly error: ServerFrameOf<"error"> }
  /** The name of this user from now on. */
  | { readonly type: "called"; readonly user: string }
  /** The session has its name and its channels, and has read the messages that it missed. */
  | { readonly type: "online" }
  /** `reason` is part of a sentence. */
  | { readonly type: "offline"; readonly reason: string; readonly retryMilliseconds: number }
  /** The session does not connect again. Every request settles with the same `code` and `detail`. */
  | { readonly type: "ended"; readonly code: EndCode; readonly detail: string };

/** The state of a session that outlives its connections. */
export interface SessionState {
  readonly ports: Ports;
  readonly timing: Timing;
  readonly tell: (event: SessionEvent) => void;
  /** How many messages from before the join are reported for each channel. */
  readonly told: number;
  /** The ids of `sendmessage` frames whose messages have not been reported yet. */
  readonly sent: Set<string>;
  /** By channel. */
  readonly feeds: Map<string, MessageFeed>;
  /** The name that is claimed on each connection. */
  name: string | undefined;
  /** This user has held the name: if it is taken, a lost connection of this session may still hold it. */
  hadName: boolean;
  /** The current name of this user. Undefined until the answer to the first `join`, `leave` or `name` of a connection. */
  user: string | undefined;
}
