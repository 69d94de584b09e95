import type { ClientFrame } from "./client-frames.ts";
import type { ErrorCode } from "./error-code.ts";
import type {
  Ack,
  ChannelsPage,
  ConversationPage,
  ConversationsPage,
  ErrorFrame,
  HistoryPage,
  MembersPage,
  UnreadCounts,
} from "./replies.ts";
import type { ServerFrame } from "./server-frame.ts";

/** A frame that is answered, which is every one but `typing`. The session chooses its id. */
export type Request = WithoutId<Exclude<ClientFrame, { message: "typing" }>>;
type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never;

export type RequestOf<Route extends Request["message"]> = Extract<Request, { message: Route }>;

/** A request with the id by which its reply and its repeats are recognized. */
export type Identified<Frame extends Request = Request> = Frame & { readonly id: string };

/** A request of a route that is not in the protocol, such as that of a chat-ops service. */
export interface CustomRequest {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A frame as it is sent. */
export type OutgoingFrame = CustomRequest & { readonly id: string };

/** An error frame, or an error that this package detects. */
export type Refusal = Omit<ErrorFrame, "code"> & { readonly code: ErrorCode | "unknown-route" };

export type Reply =
  | Ack
  | HistoryPage
  | ConversationPage
  | ConversationsPage
  | MembersPage
  | ChannelsPage
  | UnreadCounts
  | Refusal;

/** A frame that does not answer a request. */
export type Push = Exclude<ServerFrame, { type: Reply["type"] }>;

/** API Gateway's own frame if a function failed or was not called. */
export interface GatewayFault {
  readonly message: string;
  readonly requestId: string;
}

/** The same frame that was sent, from the route `$default`: the chat has no such route. */
export interface Echo {
  readonly message: string;
  readonly id: string;
}

export type IncomingFrame = ServerFrame | GatewayFault | Echo;

/** Parses a frame. Undefined: it is not a JSON object. */
export function readFrame(text: unknown): IncomingFrame | undefined {
  try {
    const frame = JSON.parse(String(text));
    return typeof frame === "object" && frame !== null ? frame : undefined;
  } catch {
    return undefined;
  }
}

export const isServerFrame = (frame: IncomingFrame): frame is ServerFrame => "type" in frame;

export const isGatewayFault = (frame: GatewayFault | Echo): frame is GatewayFault => "requestId" in frame;

const REPLIES: ReadonlySet<string> = new Set([
  "ack",
  "history",
  "conversation",
  "conversations",
  "members",
  "channels",
  "unread",
  "error",
] satisfies Reply["type"][]);

export const isReply = (frame: ServerFrame): frame is Exclude<ServerFrame, Push> => REPLIES.has(frame.type);

const refuse = ({ message: request, id }: OutgoingFrame, code: Refusal["code"], detail: string): Refusal => ({
  type: "error",
  code,
  detail,
  request,
  id,
});

/** The error for a fault of API Gateway or of a function: another attempt may succeed. */
export const faultOf = (request: OutgoingFrame, { message }: GatewayFault): Refusal =>
  refuse(request, "internal", `${message}.`);

/** The error for a request that the chat has echoed. */
export const unknownRoute = (request: OutgoingFrame): Refusal =>
  refuse(
    request,
    "unknown-route",
    `This chat does not have the route "${request.message}". Some routes exist only if a setting of the chat enables them.`,
  );

/** The error for a frame that exceeds a limit. */
export const tooLong = (request: OutgoingFrame, detail: string): Refusal => refuse(request, "data-too-long", detail);
