import type { Close, Failure, Probe, Push, PushOutcome } from "../../chat/ports.ts";
import type { Config } from "../config.ts";
import { fetchTransport } from "../http/fetch.ts";
import { type AwsResponse, type SignedService, signedRequests, type Transport } from "../http/signature.ts";
import { undiciTransport } from "../http/undici-transport.ts";
import { region } from "../runtime.ts";
import { credentials } from "../table/table.ts";

/** The path of a connection. Its `=` must be encoded: rule MG-03 in docs/api-gateway-rules.md. */
const pathOf = (connectionId: string): string => `/@connections/${encodeURIComponent(connectionId)}`;

export type Stage = Omit<SignedService, "service">;

/** The @connections commands of one stage. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html */
export interface Management {
  readonly push: Push;
  readonly close: Close;
  readonly probe: Probe;
}

export function managementOf(stage: Stage, transport: Transport): Management {
  const send = signedRequests({ ...stage, service: "execute-api" }, transport);
  return {
    push: (connectionId, frame) => outcomeOf(send({ path: pathOf(connectionId), body: frame }), "delivered"),
    close: (connectionId) => outcomeOf(send({ method: "DELETE", path: pathOf(connectionId) }), "gone"),
    probe: async (connectionId) =>
      openOrGone(await outcomeOf(send({ method: "GET", path: pathOf(connectionId) }), "delivered")),
  };
}

type StageSettings = Pick<Config, "managementEndpoint">;

const managementOfStage = ({ managementEndpoint }: StageSettings, transport: Transport): Management =>
  managementOf({ endpoint: managementEndpoint, region: region(), credentials }, transport);

/** Over a connection pool, which is opened by the first push. */
export const push = (config: StageSettings): Push => managementOfStage(config, undiciTransport).push;

// These requests are rare, so they use fetch: a function that never pushes has no connection pool in its bundle.
export const close = (config: StageSettings): Close => managementOfStage(config, fetchTransport).close;
export const probe = (config: StageSettings): Probe => managementOfStage(config, fetchTransport).probe;

async function outcomeOf(responding: Promise<AwsResponse>, done: PushOutcome): Promise<PushOutcome> {
  try {
    const { status, errorType } = await responding;
    if (status < 300) return done;
    if (status === 410) return "gone";
    return status === 429 ? "throttled" : { failed: errorType ?? String(status) };
  } catch (fault) {
    return { failed: nameOf(fault) };
  }
}

const openOrGone = (outcome: PushOutcome): "open" | "gone" | Failure => {
  if (outcome === "delivered") return "open";
  return outcome === "throttled" ? { failed: "Throttled" } : outcome;
};

const nameOf = (fault: unknown): string => (fault as NodeJS.ErrnoException).code ?? (fault as Error).name;
