import type { Connected } from "../connection.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import type { Refusal } from "../protocol/frames.ts";

/** The result of a frame: a frame back to its sender, the reason for a refusal, and facts for the log. */
export interface FrameOutcome {
  readonly reply?: ServerFrame | undefined;
  readonly refusal?: Refusal;
  readonly facts?: object;
}

/** A valid frame of a known connection. */
export interface FrameRequest<Frame> {
  readonly connected: Connected;
  readonly frame: Frame;
  /** The route key. */
  readonly route: string;
  /** When API Gateway received the frame, in epoch milliseconds. Functions can start to handle frames in another order. */
  readonly receivedAt: number;
  /** When Lambda ends the function, in epoch milliseconds. */
  readonly deadline: number;
}

/** Carries out one kind of frame. */
export type FrameHandler<Frame, Ports> = (ports: Ports, request: FrameRequest<Frame>) => Promise<FrameOutcome>;
