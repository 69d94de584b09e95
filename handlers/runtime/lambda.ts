import type { APIGatewayEventWebsocketRequestContextV2, Context } from "aws-lambda";
import { metrics } from "../../aws/metrics.ts";
import { now } from "../../aws/runtime.ts";
import type { Connection } from "../../chat/connection.ts";

/** What API Gateway hands to a route's function. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html */
export interface RouteEvent {
  readonly requestContext: Pick<
    APIGatewayEventWebsocketRequestContextV2,
    "routeKey" | "requestId" | "connectionId" | "connectedAt"
  > & {
    /** What the authorizer told of the client, and who signed the handshake, where somebody did. */
    readonly authorizer?: Caller["authorizer"];
    readonly identity?: Caller["identity"];
  };
  /** Of the handshake. Only `$connect` and `$disconnect` have any. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's frame, as it came. Only a message has one. */
  readonly body?: string;
}

/** What Lambda says of an invocation. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export type LambdaContext = Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">;

/** What it wants back. On `$connect` the status is the handshake's; elsewhere nobody sees it. */
export interface RouteResult {
  readonly statusCode: 200 | 400 | 403 | 429 | 500;
  /** Of these API Gateway takes the subprotocol alone, from `$connect`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Reaches the caller where the route has a route response. */
  readonly body?: string;
}

/** What API Gateway says of who is connected, for the connection's whole life. */
export interface Caller {
  readonly authorizer: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
}

export interface Request {
  readonly connection: Connection;
  readonly caller: Caller;
  readonly route: string;
  readonly body: string;
  /** When Lambda will end the function, in epoch milliseconds. */
  readonly deadline: number;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a handler did: an answer for the route response, and facts for the one line of log. */
export interface Outcome {
  readonly answer?: string;
  /** The one that `$connect` takes of those that were offered. */
  readonly subprotocol?: string;
  /** `$connect` lets nobody in. */
  readonly forbidden?: true;
  /** `$connect` lets nobody more in. */
  readonly tooMany?: true;
  readonly facts?: object;
}

export type Handler<Ports> = (ports: Ports, request: Request) => Promise<Outcome>;

/**
 * The boundary between API Gateway and a handler: decodes the event, calls, encodes the answer, and logs one line, and one
 * of what was counted. A fault is a 500; what it says goes to the log and to nobody else.
 */
export const lambda =
  <Ports>(handle: Handler<Ports>, ports: Ports) =>
  async ({ requestContext, headers = {}, body = "" }: RouteEvent, context: LambdaContext): Promise<RouteResult> => {
    const { routeKey: route, requestId, connectionId, connectedAt, authorizer = {}, identity = {} } = requestContext;
    if (!connectionId) return { statusCode: 400 };
    const started = now();
    const line = () => ({ route, connectionId, requestId, durationMs: now() - started });
    const connection = { id: connectionId, connectedAt };
    const deadline = started + context.getRemainingTimeInMillis();
    try {
      const caller = { authorizer, identity };
      const request = { connection, caller, route, body, deadline, headers: inLowerCase(headers) };
      const { facts, ...outcome } = await handle(ports, request);
      console.info({ ...line(), ...facts });
      return resultOf(outcome);
    } catch (fault) {
      metrics.count("Faults");
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      return { statusCode: 500, ...(fault instanceof AnsweredFault && { body: fault.answer }) };
    } finally {
      metrics.write();
    }
  };

/** A fault of which the caller is told by the route response, in words that give nothing away. */
export class AnsweredFault extends Error {
  readonly answer: string;

  constructor(fault: unknown, answer: string) {
    super("The frame could not be handled", { cause: fault });
    this.name = "AnsweredFault";
    if (fault instanceof Error && fault.stack) this.stack = fault.stack;
    this.answer = answer;
  }
}

const statusOf = ({ forbidden, tooMany }: Outcome): RouteResult["statusCode"] => {
  if (forbidden) return 403;
  return tooMany ? 429 : 200;
};

const resultOf = ({ answer, subprotocol, ...refusal }: Omit<Outcome, "facts">): RouteResult => ({
  statusCode: statusOf(refusal),
  ...(subprotocol !== undefined && { headers: { "Sec-WebSocket-Protocol": subprotocol } }),
  ...(answer !== undefined && { body: answer }),
});

/** Clients spell the names of headers as they like. */
export const inLowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
