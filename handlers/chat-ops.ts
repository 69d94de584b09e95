import * as v from "valibot";
import { chatOpsPorts } from "../aws/chat-ops.ts";
import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { data, id } from "../chat/protocol/fields.ts";
import { acknowledge, refuse } from "../chat/protocol/frames.ts";
import type { AcceptFramePorts } from "../chat/use-cases/accept-frame.ts";
import type { FrameHandler } from "../chat/use-cases/use-case.ts";
import { handleRequest } from "../chatops/handle-request.ts";
import { Interrupted, type Reply, rotateOnSchedule } from "../chatops/perform.ts";
import type { Ports as ChatOpsPorts } from "../chatops/ports.ts";
import type { Service } from "../chatops/service.ts";
import { services } from "../chatops/services.ts";
import { type LogLine, RefusedFault, serviceLambda } from "./runtime/frame-lambda.ts";
import type { TaskHandler } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

interface Ports extends AcceptFramePorts {
  /** The one service that this function manages. */
  readonly service: () => Service;
  readonly chatOps: () => ChatOpsPorts;
}

/** `{"message":"github","data":"rotate"}` */
const ServiceFrame = v.object({ id: v.optional(id), data });

/** The input that the EventBridge schedule sends. */
interface ScheduleInput {
  readonly action: "rotate";
}

/** Reserved to store, audit and announce the result after the last request to the service. */
const ANNOUNCE_MARGIN_MILLISECONDS = 5_000;

export const answer: FrameHandler<v.InferOutput<typeof ServiceFrame>, Ports> = async (
  ports,
  { connected, route, frame, deadline },
) => {
  const { user, groups = [] } = connected;
  const reply = await handleRequest(ports.chatOps(), {
    service: ports.service(),
    person: { user, groups },
    data: frame.data,
    deadline: deadline - ANNOUNCE_MARGIN_MILLISECONDS,
  }).catch(explainInterruption);
  // For users without any chat-ops group, the log is the only record of the request.
  const facts = { ...factsOf(reply), by: user };
  if (reply.outcome === "refused") return { refusal: refuse("service-refused", reply.said), facts };
  if (reply.outcome === "failed") return { refusal: refuse("service-failed", reply.said), facts };
  return { reply: { ...acknowledge(route, frame), detail: reply.said }, facts };
};

/** The generic error for faults would suggest that nothing happened. */
function explainInterruption(fault: unknown): never {
  throw fault instanceof Interrupted ? new RefusedFault(refuse("service-failed", fault.said), fault) : fault;
}

export const rotate: TaskHandler<ScheduleInput, Ports> = async (ports, { deadline }) => {
  const rotation = { service: ports.service(), deadline: deadline - ANNOUNCE_MARGIN_MILLISECONDS };
  return factsOf(await rotateOnSchedule(ports.chatOps(), rotation));
};

const factsOf = ({ outcome, failure }: Reply): object => ({ outcome, failure });

/** The function of one service, with the ports that `portsWith` gives it. */
export const chatOpsLambda = (portsWith: (log: LogLine) => Ports) =>
  serviceLambda({ schema: ServiceFrame, answer, work: rotate }, portsWith);

const config = configOf(settings.chatOps);
const service = serviceOf(config.service);

export const handler = chatOpsLambda((log) => ({
  ...framePorts(config),
  service: () => service,
  chatOps: () => chatOpsPorts(config, (line) => log({ service: config.service, ...line })),
}));

function serviceOf(key: string): Service {
  const found = services.find((service) => service.key === key);
  if (found) return found;
  const allowed = services.map((service) => service.key).join(", ");
  throw new Error(
    `The environment variable SERVICE is "${key}"; allowed: ${allowed}. Terraform sets it: deploy the stack again.`,
  );
}
