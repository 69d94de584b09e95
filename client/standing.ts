import type { ServerFrameOf } from "../chat/protocol.ts";
import type { Feed, Told } from "./feed.ts";
import type { News } from "./frames.ts";
import type { Ports } from "./ports.ts";
import type { Timing } from "./timing.ts";

/** What a session tells. */
export type SessionEvent =
  | ({ readonly type: "said"; readonly isOwn: boolean } & Told)
  | { readonly type: "news"; readonly news: Exclude<News, { type: "message" }> }
  /** Something that the session asked for by itself was refused: its name, or one of its channels. */
  | { readonly type: "refused"; readonly error: ServerFrameOf<"error"> }
  /** What the chat calls this user from now on. */
  | { readonly type: "called"; readonly user: string }
  /** Everything is as it was asked for, and nothing is missed. */
  | { readonly type: "online" }
  /** `reason` is a part of a sentence. */
  | { readonly type: "offline"; readonly reason: string; readonly retryMilliseconds: number };

/** What a user has asked for, and has to have again after each reconnect. */
export interface Standing {
  readonly ports: Ports;
  readonly timing: Timing;
  readonly tell: (event: SessionEvent) => void;
  /** How many messages of the past are told of a channel that is joined. */
  readonly told: number;
  /** By channel. */
  readonly feeds: Map<string, Feed>;
  /** The name that is claimed at each connect. */
  name: string | undefined;
  /** The name was this user's before: who has it now is the connection that was lost. */
  hadName: boolean;
  /** What the chat calls this user; undefined for a guest who has said nothing yet. */
  user: string | undefined;
}
