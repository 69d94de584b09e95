/** What a test asks of the probe, in the query string of the handshake or in a message. Done from top to bottom. */
export interface Order {
  /** A key: goes on once something is kept under it. */
  readonly awaits?: string;
  readonly sleepMilliseconds?: number;
  /** Calls to `@connections`; `to` is the caller's own connection unless given. */
  readonly calls?: readonly { readonly method: string; readonly to?: string; readonly data?: string }[];
  /** The key under which the event, and what the calls came to, are kept. */
  readonly record?: string;
  /** The key whose records to answer. */
  readonly recall?: string;
  readonly throws?: string;
  /** The function's result, as it is; without it the function answers its event, its calls or its recall. */
  readonly result?: unknown;
}

/** What a test asks of the authorizer. It allows the handshake unless told otherwise. */
export interface Authorization {
  readonly record?: string;
  readonly throws?: string;
  /** In place of a policy. */
  readonly result?: unknown;
  /** Of the policy's one statement; none at all when null. */
  readonly effect?: "Allow" | "Deny" | null;
  /** In place of the `$connect` at the end of the method's ARN. */
  readonly resourceEnd?: string;
  readonly context?: unknown;
}

/** What is kept of an event. */
export interface Kept<Event = ProbeEvent> {
  readonly event: Event;
  readonly calls: readonly CallOutcome[];
  /** Epoch milliseconds. */
  readonly keptAt: number;
}

export interface CallOutcome {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly body: string;
}

/** An event, as far as probes and tests look into it. */
export interface ProbeEvent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly eventType: string;
    readonly routeKey: string;
    readonly requestId: string;
    readonly extendedRequestId: string;
    readonly connectionId: string;
    readonly apiId: string;
    readonly messageId?: string;
    readonly connectedAt: number;
    readonly requestTime: string;
    readonly requestTimeEpoch: number;
    readonly domainName: string;
    readonly identity: Readonly<Record<string, unknown>>;
    readonly authorizer?: Readonly<Record<string, unknown>>;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
  };
  readonly body?: string;
}
