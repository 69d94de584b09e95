import type { APIGatewayEventWebsocketRequestContextV2, Context } from "aws-lambda";
import { finishBackground } from "../../aws/background.ts";
import { metrics } from "../../aws/metrics.ts";
import { now } from "../../aws/runtime.ts";
import type { Connection } from "../../chat/connection.ts";

/** The event of a route. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html */
export interface RouteEvent {
  readonly requestContext: Pick<
    APIGatewayEventWebsocketRequestContextV2,
    "routeKey" | "requestId" | "requestTimeEpoch" | "connectionId" | "connectedAt"
  > & {
    /** The context that the authorizer returned, if there is an authorizer. */
    readonly authorizer?: Caller["authorizer"];
    readonly identity?: Caller["identity"];
  };
  /** The headers of the handshake. Only `$connect` and `$disconnect` have them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's frame. Only message routes have it. */
  readonly body?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export type LambdaContext = Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">;

/** The response to API Gateway. The client of `$connect` gets the status; clients of other routes do not see it. */
export interface RouteResult {
  readonly statusCode: 200 | 400 | 403 | 429 | 500;
  /** API Gateway uses only `Sec-WebSocket-Protocol`, and only from `$connect`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the client if the route has a route response. */
  readonly body?: string;
}

/** The client's identity in the event of API Gateway. It stays the same while the connection is open. */
export interface Caller {
  readonly authorizer: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
}

export interface RouteRequest {
  readonly connection: Connection;
  readonly caller: Caller;
  readonly route: string;
  readonly body: string;
  /** When API Gateway received the request, in epoch milliseconds. */
  readonly receivedAt: number;
  /** When Lambda ends the function, in epoch milliseconds. */
  readonly deadline: number;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RouteOutcome {
  /** The route response. */
  readonly body?: string;
  /** The subprotocol that `$connect` selects. */
  readonly subprotocol?: string;
  /** The HTTP status with which `$connect` refuses the handshake. */
  readonly refusedWith?: 403 | 429;
  /** Fields for the log line. */
  readonly facts?: object;
}

/**
 * The boundary between API Gateway and the code of a route: decodes the event, encodes the outcome, and writes one log
 * line and the metrics. A fault becomes a 500, and its details go only to the log.
 */
export const lambda =
  <Ports>(handle: (ports: Ports, request: RouteRequest) => Promise<RouteOutcome>, ports: Ports) =>
  async ({ requestContext, headers = {}, body = "" }: RouteEvent, context: LambdaContext): Promise<RouteResult> => {
    const { routeKey: route, requestId, connectionId, connectedAt, requestTimeEpoch: receivedAt } = requestContext;
    const { authorizer = {}, identity = {} } = requestContext;
    if (!connectionId) return { statusCode: 400 };
    const started = now();
    const line = () => ({ route, connectionId, requestId, durationMs: now() - started });
    const connection = { id: connectionId, connectedAt };
    const deadline = started + context.getRemainingTimeInMillis();
    try {
      const caller = { authorizer, identity };
      const request = { connection, caller, route, body, receivedAt, deadline, headers: lowerCaseNames(headers) };
      const { facts, ...outcome } = await handle(ports, request);
      console.info({ ...line(), ...facts });
      return resultOf(outcome);
    } catch (fault) {
      metrics.count("Faults");
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      return { statusCode: 500, ...(fault instanceof AnsweredFault && { body: fault.body }) };
    } finally {
      await finish(line);
    }
  };

/** The last step of each invocation. */
export async function finish(line: () => object): Promise<void> {
  for (const fault of await finishBackground()) console.error({ ...line(), fault });
  metrics.write();
}

/** A fault with an error frame for the client. The frame is the route response, and reveals no details of the fault. */
export class AnsweredFault extends Error {
  readonly body: string;

  constructor(fault: unknown, body: string) {
    super("The frame could not be handled", { cause: fault });
    this.name = "AnsweredFault";
    if (fault instanceof Error && fault.stack) this.stack = fault.stack;
    this.body = body;
  }
}

const resultOf = ({ body, subprotocol, refusedWith }: Omit<RouteOutcome, "facts">): RouteResult => ({
  statusCode: refusedWith ?? 200,
  ...(subprotocol !== undefined && { headers: { "Sec-WebSocket-Protocol": subprotocol } }),
  ...(body !== undefined && { body }),
});

/** The names of headers are not case-sensitive, and clients write them differently. */
export const lowerCaseNames = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Runs a task. Returns facts for the log. Throws if Lambda should retry the task. */
export type TaskHandler<Task, Ports> = (
  ports: Ports,
  request: { readonly task: Task; readonly deadline: number },
) => Promise<object>;

/**
 * The boundary between Lambda's queue of asynchronous events and a task handler: writes one log line and the metrics. A
 * fault is passed on to Lambda, which retries twice and then sends the event to the failure destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const workerLambda =
  <Task, Ports>(handle: TaskHandler<Task, Ports>, ports: Ports) =>
  async (task: Task, { awsRequestId: requestId, getRemainingTimeInMillis }: LambdaContext): Promise<void> => {
    const started = now();
    const line = () => ({ requestId, durationMs: now() - started });
    try {
      const facts = await handle(ports, { task, deadline: started + getRemainingTimeInMillis() });
      console.info({ ...line(), ...facts });
    } catch (fault) {
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      throw fault;
    } finally {
      await finish(line);
    }
  };
