import type { Connected } from "../chat/connection.ts";
import { type FrameSchema, parseFrame, type Refusal, refuse } from "../chat/frames.ts";
import { UNKNOWN_CONNECTION } from "../chat/membership.ts";
import type { Connections, Push } from "../chat/ports.ts";
import type { ServerFrame } from "../chat/protocol.ts";
import { AnsweredFault, type Handler, lambda, type Outcome } from "./lambda.ts";

/** What a frame came to: a frame back to its sender, the reason it is refused, and facts for the log. */
export interface FrameOutcome {
  readonly reply?: ServerFrame | undefined;
  readonly refusal?: Refusal;
  readonly facts?: object;
}

export type FrameHandler<Frame, Ports> = (
  ports: Ports,
  request: { readonly connected: Connected; readonly route: string; readonly frame: Frame },
) => Promise<FrameOutcome>;

interface Identified {
  readonly connections: Pick<Connections, "get">;
}

/** A route that always answers: its replies go back by the route response, without a push. */
export const answeringLambda = <Frame extends object, Ports extends Identified>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports,
) => {
  const reading = readingFrame(schema, handle);
  return lambda(async (own: Ports, request) => {
    try {
      const { reply, facts } = await reading(own, request);
      return { answer: JSON.stringify(reply), ...(facts && { facts }) };
    } catch (fault) {
      throw new AnsweredFault(fault, JSON.stringify(errorFrame(FAULT, request)));
    }
  }, ports);
};

/** A route that often has nothing to say back: what it has is pushed. An empty route response would be an empty frame. */
export const pushingLambda = <Frame extends object, Ports extends Identified & { readonly push: Push }>(
  schema: FrameSchema<Frame>,
  handle: FrameHandler<Frame, Ports>,
  ports: Ports,
) => {
  const reading = readingFrame(schema, handle);
  return lambda(async (own: Ports, request): Promise<Outcome> => {
    const { id } = request.connection;
    try {
      const { reply, facts } = await reading(own, request);
      if (reply) await own.push(id, JSON.stringify(reply));
      return facts ? { facts } : {};
    } catch (fault) {
      // The sender may be the one who cannot be reached: the fault that brought us here is the one to report.
      await own.push(id, JSON.stringify(errorFrame(FAULT, request))).catch(() => undefined);
      throw fault;
    }
  }, ports);
};

/** A frame that does not fit its schema is refused before any I/O. */
const readingFrame =
  <Frame extends object, Ports extends Identified>(schema: FrameSchema<Frame>, handle: FrameHandler<Frame, Ports>) =>
  async (ports: Ports, request: Parameters<Handler<Ports>>[1]): Promise<FrameOutcome> => {
    const { connection, route, body } = request;
    const parsed = parseFrame(schema, body);
    if ("refusal" in parsed) return refused(parsed.refusal, request);
    const connected = await ports.connections.get(connection.id);
    if (!connected) return refused(UNKNOWN_CONNECTION, request);
    const outcome = await handle(ports, { connected, route, frame: parsed.frame });
    return outcome.refusal ? { ...outcome, ...refused(outcome.refusal, request) } : outcome;
  };

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
  try {
    const { id } = JSON.parse(body);
    return typeof id === "string" && id.length <= 64 ? id : undefined;
  } catch {
    return undefined;
  }
}

const FAULT = refuse("internal", "The message could not be handled. Try again in a moment.");
