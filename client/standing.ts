import type { ServerFrameOf } from "../chat/protocol.ts";
import type { Feed, Told } from "./feed.ts";
import type { EndCode, News } from "./frames.ts";
import type { Ports } from "./ports.ts";
import type { Timing } from "./timing.ts";

/** What a session reports. */
export type SessionEvent =
  | ({ readonly type: "said"; readonly isOwn: boolean } & Told)
  | { readonly type: "news"; readonly news: Exclude<News, { type: "message" }> }
  /** A request of the session itself was refused: its name, one of its channels, or the history of a channel. */
  | { readonly type: "refused"; readonly error: ServerFrameOf<"error"> }
  /** What the chat calls this user from now on. */
  | { readonly type: "called"; readonly user: string }
  /** The session has its name and channels, and has read everything that was said in them meanwhile. */
  | { readonly type: "online" }
  /** `reason` is a part of a sentence. */
  | { readonly type: "offline"; readonly reason: string; readonly retryMilliseconds: number }
  /** The session does not connect again. Every request settles with the same `code` and `detail`. */
  | { readonly type: "ended"; readonly code: EndCode; readonly detail: string };

/** What a user has asked for, and has to have again after each reconnect. */
export interface Standing {
  readonly ports: Ports;
  readonly timing: Timing;
  readonly tell: (event: SessionEvent) => void;
  /** How many messages of the past are told of a channel that is joined. */
  readonly told: number;
  /** The ids of frames whose messages have not come back yet. */
  readonly sent: Set<string>;
  /** By channel. */
  readonly feeds: Map<string, Feed>;
  /** The name that is claimed at each connect. */
  name: string | undefined;
  /** The name was this user's before: who has it now is the connection that was lost. */
  hadName: boolean;
  /** What the chat calls this user; undefined until the first channel is joined. */
  user: string | undefined;
}
