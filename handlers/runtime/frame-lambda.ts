import { type DeliveryPorts, deliverToConnection } from "../../chat/fan-out/delivery.ts";
import type { ServerFrame } from "../../chat/protocol/client-frames.ts";
import { answerForms, type FrameSchema, jsonOf, parseFrame, type Refusal } from "../../chat/protocol/frames.ts";
import { SUBPROTOCOL } from "../../chat/protocol/subprotocol.ts";
import { INTERNAL } from "../../chat/refusals.ts";
import { type AcceptFramePorts, acceptFrame } from "../../chat/use-cases/accept-frame.ts";
import type { FrameHandler, FrameOutcome } from "../../chat/use-cases/use-case.ts";
import {
  AnsweredFault,
  type LambdaContext,
  lambda,
  type RouteEvent,
  type RouteOutcome,
  type RouteRequest,
  type RouteResult,
  type TaskHandler,
  workerLambda,
} from "./lambda.ts";

/** A route that always replies: the reply is returned as the route response, without a push. */
export const routeResponseLambda = <Frame extends object, Ports>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports & AcceptFramePorts,
) => {
  const handleRequest = frameHandling(schema, handle);
  return lambda(async (own: Ports & AcceptFramePorts, request): Promise<RouteOutcome> => {
    try {
      const { reply, facts } = await handleRequest(own, request);
      return { body: JSON.stringify(reply), ...(facts && { facts }) };
    } catch (fault) {
      const refusal = fault instanceof RefusedFault ? fault.refusal : INTERNAL;
      throw new AnsweredFault(fault, JSON.stringify(errorFrame(refusal, request)));
    }
  }, ports);
};

/** A fault for which the sender gets another error than `internal`. */
export class RefusedFault extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, fault: Error) {
    super(fault.message, { cause: fault });
    this.name = "RefusedFault";
    this.refusal = refusal;
    if (fault.stack) this.stack = fault.stack;
  }
}

/** A route that often has no reply. Replies are pushed: with a route response, every frame would get a reply. */
export const pushReplyLambda = <Frame extends object, Ports extends DeliveryPorts>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports & AcceptFramePorts,
) => {
  const handleRequest = frameHandling(schema, handle);
  return lambda(async (own: Ports & AcceptFramePorts, request): Promise<RouteOutcome> => {
    try {
      const { reply, facts } = await handleRequest(own, request);
      const pushed = reply && (await pushReply(own, request, reply));
      return { facts: { ...facts, ...(typeof pushed === "object" && { unanswered: pushed.failed }) } };
    } catch (fault) {
      await pushReply(own, request, errorFrame(INTERNAL, request));
      throw fault;
    }
  }, ports);
};

/** Reserved so that the function ends before Lambda ends it. */
const PUSH_MARGIN_MILLISECONDS = 500;

const pushReply = (ports: DeliveryPorts, { connection, deadline }: RouteRequest, reply: ServerFrame) =>
  deliverToConnection(
    ports,
    { ...connection, protocol: SUBPROTOCOL },
    { forms: answerForms(reply), deadline: deadline - PUSH_MARGIN_MILLISECONDS },
  );

/** Parses the frame, accepts it and runs the use case. An invalid frame is refused before any I/O. */
const frameHandling =
  <Frame extends object, Ports>(schema: FrameSchema<Frame>, handle: FrameHandler<Frame, Ports>) =>
  async (ports: Ports & AcceptFramePorts, request: RouteRequest): Promise<FrameOutcome> => {
    const { connection, caller, route, body, receivedAt, deadline } = request;
    const parsed = parseFrame(schema, body);
    if ("refusal" in parsed) return refused(parsed.refusal, request);
    const sender = { connectionId: connection.id, sourceIp: caller.identity.sourceIp };
    const accepted = await acceptFrame(ports, sender);
    if ("refusal" in accepted) return refused(accepted.refusal, request);
    const { connected } = accepted;
    const outcome = await handle(ports, { connected, route, frame: parsed.frame, receivedAt, deadline });
    if (!outcome.refusal) return outcome;
    const { reply, facts } = refused(outcome.refusal, request);
    return { reply, facts: { ...outcome.facts, ...facts } };
  };

type FrameSource = Pick<RouteRequest, "route" | "body">;

const refused = (refusal: Refusal, source: FrameSource): FrameOutcome => ({
  reply: errorFrame(refusal, source),
  facts: { refused: refusal.code },
});

/** Has the `id` of the client's frame, if that is readable. */
function errorFrame({ code, detail }: Refusal, { route, body }: FrameSource): ServerFrame {
  const id = idOf(body);
  return { type: "error", code, detail, request: route, ...(id !== undefined && { id }) };
}

function idOf(body: string): string | undefined {
  const { id } = Object(jsonOf(body));
  return typeof id === "string" && id.length <= 64 ? id : undefined;
}

/** The two entry points of a service's function: frames of users, and tasks of the schedule. */
export interface Handlers<Frame extends object, Task extends object, Ports> {
  readonly schema: FrameSchema<Frame>;
  readonly answer: FrameHandler<Frame, Ports>;
  readonly work: TaskHandler<Task, Ports>;
}

/** Writes an additional log line. It shows how far the function came if it is ended before its last line. */
export type LogLine = (line: object) => void;

/** The boundary of a function that API Gateway calls with a user's frame, and EventBridge Scheduler with a task. */
export function serviceLambda<Frame extends object, Task extends object, Ports extends AcceptFramePorts>(
  { schema, answer, work }: Handlers<Frame, Task, Ports>,
  portsWith: (log: LogLine) => Ports,
) {
  const ports = portsWith((line) => console.info(line));
  const handleFrame = routeResponseLambda(schema, answer, ports);
  const handleTask = workerLambda(work, ports);
  return async (event: RouteEvent | Task, context: LambdaContext): Promise<RouteResult | undefined> => {
    if ("requestContext" in event) return handleFrame(event, context);
    await handleTask(event, context);
    return undefined;
  };
}
