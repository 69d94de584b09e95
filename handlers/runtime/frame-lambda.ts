import { type Connected, isExpired } from "../../chat/connection.ts";
import { type DeliveryPorts, deliverToOne } from "../../chat/fan-out/delivery.ts";
import { charge, type RatePorts } from "../../chat/message-rate.ts";
import type { Close, Connections, Now } from "../../chat/ports.ts";
import { type ServerFrame, SUBPROTOCOL } from "../../chat/protocol/client-frames.ts";
import { answerForms, type FrameSchema, parseFrame, type Refusal } from "../../chat/protocol/frames.ts";
import { jsonOf } from "../../chat/protocol/json.ts";
import { INTERNAL, TOKEN_EXPIRED, TOO_MANY_MESSAGES, UNKNOWN_CONNECTION } from "../../chat/refusals.ts";
import { AnsweredFault, lambda, type Outcome, type Request } from "./lambda.ts";

/** What a frame came to: a frame back to its sender, the reason it is refused, and facts for the log. */
export interface FrameOutcome {
  readonly reply?: ServerFrame | undefined;
  readonly refusal?: Refusal;
  readonly facts?: object;
}

/** A frame that fits its schema, of a connection that the chat knows. */
export interface FrameRequest<Frame> extends Pick<Request, "route" | "deadline"> {
  readonly connected: Connected;
  readonly frame: Frame;
}

export type FrameHandler<Frame, Ports> = (ports: Ports, request: FrameRequest<Frame>) => Promise<FrameOutcome>;

/** What the boundary itself needs. */
export interface TakingPorts extends RatePorts {
  readonly connections: Pick<Connections, "get">;
  readonly close: Close;
  readonly now: Now;
}

/** A route that always answers: its replies go back by the route response, without a push. */
export const answeringLambda = <Frame extends object, Ports>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports & TakingPorts,
) => {
  const reading = readingFrame(schema, handle);
  return lambda(async (own: Ports & TakingPorts, request) => {
    try {
      const { reply, facts } = await reading(own, request);
      return { answer: JSON.stringify(reply), ...(facts && { facts }) };
    } catch (fault) {
      const refusal = fault instanceof RefusedFault ? fault.refusal : INTERNAL;
      throw new AnsweredFault(fault, JSON.stringify(errorFrame(refusal, request)));
    }
  }, ports);
};

/** A fault after which the sender needs another error than `internal`. */
export class RefusedFault extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, fault: Error) {
    super(fault.message, { cause: fault });
    this.name = "RefusedFault";
    this.refusal = refusal;
    if (fault.stack) this.stack = fault.stack;
  }
}

/** A route that often has nothing to say back: what it has is pushed. An empty route response would be an empty frame. */
export const pushingLambda = <Frame extends object, Ports extends DeliveryPorts>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports & TakingPorts,
) => {
  const reading = readingFrame(schema, handle);
  return lambda(async (own: Ports & TakingPorts, request): Promise<Outcome> => {
    try {
      const { reply, facts } = await reading(own, request);
      const answered = reply && (await answer(own, request, reply));
      return { facts: { ...facts, ...(typeof answered === "object" && { unanswered: answered.failed }) } };
    } catch (fault) {
      await answer(own, request, errorFrame(INTERNAL, request));
      throw fault;
    }
  }, ports);
};

/** Time that a function keeps to end by itself. */
const MARGIN_MILLISECONDS = 500;

const answer = (ports: DeliveryPorts, { connection, deadline }: Request, reply: ServerFrame) =>
  deliverToOne(
    ports,
    { ...connection, protocol: SUBPROTOCOL },
    { forms: answerForms(reply), deadline: deadline - MARGIN_MILLISECONDS },
  );

/** A frame that does not fit its schema is refused before any I/O. */
const readingFrame =
  <Frame extends object, Ports>(schema: FrameSchema<Frame>, handle: FrameHandler<Frame, Ports>) =>
  async (ports: Ports & TakingPorts, request: Request): Promise<FrameOutcome> => {
    const { connection, route, body, deadline } = request;
    const parsed = parseFrame(schema, body);
    if ("refusal" in parsed) return refused(parsed.refusal, request);
    const { connected, refusal, isOver } = await identify(ports, request);
    if (isOver) await ports.close(connection.id);
    if (!connected) return refused(refusal, request);
    const outcome = await handle(ports, { connected, route, frame: parsed.frame, deadline });
    if (!outcome.refusal) return outcome;
    const { reply, facts } = refused(outcome.refusal, request);
    return { reply, facts: { ...outcome.facts, ...facts } };
  };

/** The connection that sent the frame, or why the frame is refused. `isOver`: the connection must be closed. */
type Identified =
  | { readonly connected: Connected; readonly refusal?: never; readonly isOver?: never }
  | { readonly connected?: never; readonly refusal: Refusal; readonly isOver: boolean };

async function identify(ports: TakingPorts, { connection, caller }: Request): Promise<Identified> {
  const connected = await ports.connections.get(connection.id);
  if (!connected) return { refusal: UNKNOWN_CONNECTION, isOver: false };
  if (isExpired(connected, ports.now())) return { refusal: TOKEN_EXPIRED, isOver: true };
  const verdict = await charge(ports, connected, caller.identity.sourceIp);
  return verdict === "taken" ? { connected } : { refusal: TOO_MANY_MESSAGES, isOver: verdict === "flooding" };
}

const refused = (refusal: Refusal, request: { readonly route: string; readonly body: string }): FrameOutcome => ({
  reply: errorFrame(refusal, request),
  facts: { refused: refusal.code },
});

/** With the client's own id, where its frame has one that can be read. */
function errorFrame(
  { code, detail }: Refusal,
  { route, body }: { readonly route: string; readonly body: string },
): ServerFrame {
  const id = idOf(body);
  return { type: "error", code, detail, request: route, ...(id !== undefined && { id }) };
}

function idOf(body: string): string | undefined {
  const { id } = Object(jsonOf(body));
  return typeof id === "string" && id.length <= 64 ? id : undefined;
}
