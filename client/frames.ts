import type { ClientFrame, Protocol, ServerFrame, ServerFrameOf } from "../chat/protocol/client-frames.ts";

/** The subprotocol that is offered. */
export const OFFERED: Protocol = "chat.v1";

/** A frame that is answered, which is every one but `typing`. Its id is the session's business. */
export type Request = WithoutId<Exclude<ClientFrame, { message: "typing" }>>;
type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never;

export type RequestOf<Route extends Request["message"]> = Extract<Request, { message: Route }>;

/** A request with the id by which its answer is known, and its repeats. */
export type Identified<Frame extends Request = Request> = Frame & { readonly id: string };

export type Answer = ServerFrameOf<"ack" | "history" | "members" | "channels" | "error">;

export type Refusal = ServerFrameOf<"error">;

/** Why a session does not connect again: the status of the handshake, or an address that is not a WebSocket URL. */
export type EndCode = "unauthorized" | "forbidden" | "invalid-address";

/** The request has no answer and is not sent again. It may have been done if it was sent. */
export interface Unanswered {
  readonly type: "unanswered";
  readonly code: EndCode | "closed" | "connection-lost";
  /** One sentence for a person. */
  readonly detail: string;
}

/** What comes of its own accord. */
export type News = Exclude<ServerFrame, Answer>;

/** API Gateway's own frame, in place of the answer of a function that broke, or that it did not call. */
interface GatewayFault {
  readonly message: string;
  readonly requestId: string;
}

/** Undefined when it is no frame at all: the echo of something that was none. */
export function readFrame(text: unknown): ServerFrame | GatewayFault | undefined {
  try {
    const frame = JSON.parse(String(text));
    return typeof frame === "object" && frame !== null ? frame : undefined;
  } catch {
    return undefined;
  }
}

export const isGatewayFault = (frame: ServerFrame | GatewayFault): frame is GatewayFault => "requestId" in frame;

const ANSWERS: ReadonlySet<string> = new Set([
  "ack",
  "history",
  "members",
  "channels",
  "error",
] satisfies Answer["type"][]);

export const isAnswer = (frame: ServerFrame): frame is Answer => ANSWERS.has(frame.type);

/** The code that stands for every fault which may be over when asked again. */
export const faultOf = (request: Identified, { message }: GatewayFault): Refusal => ({
  type: "error",
  code: "internal",
  detail: `${message}.`,
  request: request.message,
  id: request.id,
});
