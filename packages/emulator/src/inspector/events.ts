/** Receives what happens in an emulator, in order. Must return quickly, and must not throw. */
export type Observe = (event: EmulatorEvent) => void;

/** What happens in an emulator. Events contain the text of messages: never write them to a log. */
export type EmulatorEvent =
  | HandshakeEvent
  | OpenedEvent
  | ReceivedEvent
  | AnsweredEvent
  | SentEvent
  | PushedEvent
  | ClosedEvent
  | InvokedEvent
  | LoggedEvent
  | DeniedEvent
  | ScheduledEvent
  | QueuedEvent;

/** A handshake that the API is about to authorize. `opened`, or `answered` with another status than 200, follows. */
export interface HandshakeEvent {
  readonly kind: "handshake";
  readonly connectionId: string;
  readonly requestId: string;
  /** Includes the query string. */
  readonly path: string;
  /** With the names as the client spelled them. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export interface OpenedEvent extends ConnectionSummary {
  readonly kind: "opened";
}

export interface ConnectionSummary {
  readonly connectionId: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent?: string | undefined;
  readonly identity?: Readonly<Record<string, string>> | undefined;
  /** The context of the authorizer. */
  readonly authorizer?: Readonly<Record<string, string | number>> | undefined;
}

/** A frame from a client. */
export interface ReceivedEvent {
  readonly kind: "received";
  readonly connectionId: string;
  readonly requestId: string;
  readonly routeKey: string;
  readonly text: string;
}

/** A handshake, frame or disconnect has been processed. */
export interface AnsweredEvent {
  readonly kind: "answered";
  readonly connectionId: string;
  readonly requestId: string;
  readonly routeKey: string;
  /** The corresponding HTTP status. */
  readonly status: number;
  readonly error?: string | undefined;
  /** The request id of the invocation, if the route has a function and it was invoked. */
  readonly invocationId?: string | undefined;
  /** The time that the integration took, in milliseconds. */
  readonly milliseconds?: number | undefined;
}

/** A route response or an error frame. */
export interface SentEvent {
  readonly kind: "sent";
  readonly connectionId: string;
  /** That of the frame which it answers. */
  readonly requestId: string;
  readonly isError: boolean;
  readonly text: string;
}

/** A request to `@connections` has been answered. */
export interface PushedEvent {
  readonly kind: "pushed";
  readonly connectionId: string;
  readonly method: string;
  readonly status: number;
  /** Only for POST. */
  readonly text?: string | undefined;
  /**
   * The address of the role that signed the request, `developer` for the developer's credentials, or `inspector` for the
   * inspector page. Undefined without IAM, or if the request was rejected.
   */
  readonly caller?: string | undefined;
}

export interface ClosedEvent {
  readonly kind: "closed";
  readonly connectionId: string;
  readonly code: number;
  readonly reason: string;
  readonly by: "client" | "server";
}

/** An invocation has finished. */
export interface InvokedEvent {
  readonly kind: "invoked";
  readonly functionName: string;
  readonly requestId: string;
  readonly milliseconds: number;
  /** Includes the cold start, as in Lambda. */
  readonly billedMilliseconds: number;
  /** Only for a cold start. */
  readonly initMilliseconds?: number | undefined;
  readonly memoryMegabytes: number;
  /** Undefined if it was not measured. */
  readonly memoryUsedMegabytes?: number | undefined;
  readonly error?: { readonly type: string; readonly message: string } | undefined;
}

/** A log entry of a function or of the emulator. */
export interface LoggedEvent {
  readonly kind: "logged";
  readonly source: string;
  readonly level: string;
  readonly requestId?: string | undefined;
  readonly message: unknown;
}

/** A request was denied because its principal has no permission for it. */
export interface DeniedEvent extends Denial {
  readonly kind: "denied";
}

export interface Denial {
  /** The address of the role in Terraform, or the ARN of the principal. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** What is missing, and where to grant it. */
  readonly explanation: string;
}

/** Receives an explanation for the developer, and the denied permission if it explains a denial. */
export type Report = (sentence: string, denial?: Denial) => void;

/** A schedule has invoked its target. */
export interface ScheduledEvent {
  readonly kind: "scheduled";
  readonly name: string;
}

/** A queue has received a message. */
export interface QueuedEvent {
  readonly kind: "queued";
  readonly queue: string;
  readonly body: string;
}
