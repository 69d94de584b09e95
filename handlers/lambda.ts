import type { APIGatewayEventWebsocketRequestContextV2 } from "aws-lambda";
import { now } from "../aws/runtime.ts";
import type { Connection } from "../chat/connection.ts";
import { type FrameSchema, parseFrame, type Refusal, refuse } from "../chat/frames.ts";
import type { Push } from "../chat/ports.ts";

/** What API Gateway hands to a route's function. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html */
export interface RouteEvent {
  readonly requestContext: Pick<
    APIGatewayEventWebsocketRequestContextV2,
    "routeKey" | "requestId" | "connectionId" | "connectedAt"
  >;
  /** The client's frame, as it came. Only a message has one. */
  readonly body?: string;
}

/** What it wants back. On `$connect` the status is the handshake's; elsewhere nobody sees it. */
export interface RouteResult {
  readonly statusCode: 200 | 400 | 500;
  /** Reaches the caller where the route has a route response. */
  readonly body?: string;
}

export interface Request {
  readonly connection: Connection;
  readonly route: string;
  readonly body: string;
}

/** What a handler did: an answer for the route response, and facts for the one line of log. */
export interface Outcome {
  readonly answer?: string;
  readonly facts?: object;
}

export type Handler<Ports> = (ports: Ports, request: Request) => Promise<Outcome>;

export type FrameHandler<Frame, Ports> = (
  ports: Ports,
  request: { readonly connection: Connection; readonly frame: Frame },
) => Promise<Outcome>;

/**
 * The boundary between API Gateway and a handler: decodes the event, calls, encodes the answer, logs one line.
 * A fault is a 500; what it says goes to the log and to nobody else.
 */
export const lambda =
  <Ports>(handle: Handler<Ports>, ports: Ports) =>
  async ({ requestContext, body = "" }: RouteEvent): Promise<RouteResult> => {
    const { routeKey: route, requestId, connectionId, connectedAt } = requestContext;
    if (!connectionId) return { statusCode: 400 };
    const started = now();
    const line = () => ({ route, connectionId, requestId, durationMs: now() - started });
    try {
      const { answer, facts } = await handle(ports, { connection: { id: connectionId, connectedAt }, route, body });
      console.info({ ...line(), ...facts });
      return { statusCode: 200, ...(answer !== undefined && { body: answer }) };
    } catch (fault) {
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      return { statusCode: 500 };
    }
  };

/**
 * The boundary of a route that takes frames. A frame that does not fit its schema is answered with an error frame
 * before any other I/O; a fault is told to the sender too, in words that give nothing away.
 */
export const frameLambda = <Frame extends object, Ports extends { readonly push: Push }>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports,
) =>
  lambda(async ({ push }, { connection, route, body }) => {
    const tell = (error: Refusal) => push(connection.id, JSON.stringify({ type: "error", ...error, request: route }));
    const parsed = parseFrame(schema, body);
    if ("refusal" in parsed) {
      await tell(parsed.refusal);
      return { facts: { refused: parsed.refusal.code } };
    }
    try {
      return await handle(ports, { connection, frame: parsed.frame });
    } catch (fault) {
      // The sender may be the one who cannot be reached: the fault that brought us here is the one to report.
      await tell(FAULT).catch(() => undefined);
      throw fault;
    }
  }, ports);

const FAULT = refuse("internal", "The message could not be handled. Try again in a moment.");
