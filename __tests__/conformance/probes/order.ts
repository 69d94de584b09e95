/** An order of a test to the probe, in the query string of the handshake or in a message. It is carried out from top to bottom. */
export interface Order {
  /** A key: the probe waits until it has a record. */
  readonly awaits?: string;
  readonly sleepMilliseconds?: number;
  /** Calls to `@connections`. By default, `to` is the connection of the caller. */
  readonly calls?: readonly { readonly method: string; readonly to?: string; readonly data?: string }[];
  /** The key for a record of the event and of the responses to the calls. */
  readonly record?: string;
  /** The key of the records to return. */
  readonly recall?: string;
  readonly throws?: string;
  /** The result of the function. By default, it returns its event, the responses or the records. */
  readonly result?: unknown;
}

/** An order of a test to the authorizer. By default, it allows the handshake. */
export interface Authorization {
  readonly record?: string;
  readonly throws?: string;
  /** Instead of a policy. */
  readonly result?: unknown;
  /** The effect of the only statement. Null omits the statement. */
  readonly effect?: "Allow" | "Deny" | null;
  /** Instead of `$connect` at the end of the method's ARN. */
  readonly resourceEnd?: string;
  readonly context?: unknown;
}

/** The record of an event. */
export interface ProbeRecord<Event = ProbeEvent> {
  readonly event: Event;
  readonly calls: readonly CallOutcome[];
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

export interface CallOutcome {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly body: string;
}

/** The fields of an event that probes and tests use. */
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
