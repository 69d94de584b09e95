import type { Close, Failure, Probe, Push, PushOutcome } from "../../chat/ports.ts";
import type { Config } from "../config.ts";
import { type AwsResponse, type SignedService, signedRequests } from "../http/signed-requests.ts";
import { credentials, region } from "../runtime.ts";

/** The path of a connection. Its `=` must be encoded: rule MG-03 in docs/api-gateway-rules.md. */
const pathOf = (connectionId: string): string => `/@connections/${encodeURIComponent(connectionId)}`;

export type Stage = Omit<SignedService, "service">;

/** The @connections commands of one stage. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html */
export interface Management {
  readonly push: Push;
  readonly close: Close;
  readonly probe: Probe;
}

export function managementOf(stage: Stage): Management {
  const send = signedRequests({ ...stage, service: "execute-api" });
  return {
    push: (connectionId, frame) => outcomeOf(send({ path: pathOf(connectionId), body: frame }), "delivered"),
    close: (connectionId) => outcomeOf(send({ method: "DELETE", path: pathOf(connectionId) }), "gone"),
    probe: async (connectionId) =>
      openOrGone(await outcomeOf(send({ method: "GET", path: pathOf(connectionId) }), "delivered")),
  };
}

type StageSettings = Pick<Config, "managementEndpoint">;

const managementOfStage = ({ managementEndpoint }: StageSettings): Management =>
  managementOf({ endpoint: managementEndpoint, region: region(), credentials });

export const push = (config: StageSettings): Push => managementOfStage(config).push;
export const close = (config: StageSettings): Close => managementOfStage(config).close;
export const probe = (config: StageSettings): Probe => managementOfStage(config).probe;

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
