import * as v from "valibot";
import { chatOpsPorts } from "../aws/chat-ops.ts";
import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { acknowledge } from "../chat/protocol/answers.ts";
import { data, id } from "../chat/protocol/fields.ts";
import { refuse } from "../chat/protocol/frames.ts";
import type { AcceptFramePorts } from "../chat/use-cases/accept-frame.ts";
import type { FrameHandler } from "../chat/use-cases/use-case.ts";
import { hear } from "../chatops/hear.ts";
import { Interrupted, perform, type Reply } from "../chatops/perform.ts";
import type { Ports as ChatOpsPorts } from "../chatops/ports.ts";
import type { Service } from "../chatops/service.ts";
import { services } from "../chatops/services.ts";
import { RefusedFault } from "./runtime/frame-lambda.ts";
import { type LogLine, serviceLambda } from "./runtime/service-lambda.ts";
import type { TaskHandler } from "./runtime/worker-lambda.ts";
import * as settings from "./settings.ts";

interface Ports extends AcceptFramePorts {
  /** Which the function looks after. */
  readonly service: () => Service;
  /** What the function needs for it. */
  readonly chatOps: () => ChatOpsPorts;
}

/** `{"message":"github","data":"rotate"}` */
const Asking = v.object({ id: v.optional(id), data });

/** What the schedule hands over. */
interface Task {
  readonly action: "rotate";
}

/** What a function keeps to store, write down and announce what the service has done. */
const MARGIN_MILLISECONDS = 5_000;

/** Answers who asks a service for something. */
export const answer: FrameHandler<v.InferOutput<typeof Asking>, Ports> = async (
  ports,
  { connected, route, frame, deadline },
) => {
  const { user, groups = [] } = connected;
  const request = { service: ports.service(), person: { user, groups }, data: frame.data };
  const reply = await hear(ports.chatOps(), { ...request, deadline: deadline - MARGIN_MILLISECONDS }).catch(explain);
  // The log is the only record of a request from a user without any group.
  const facts = { ...factsOf(reply), by: user };
  if (reply.outcome === "refused") return { refusal: refuse("service-refused", reply.said), facts };
  if (reply.outcome === "failed") return { refusal: refuse("service-failed", reply.said), facts };
  return { reply: { ...acknowledge(route, frame), detail: reply.said }, facts };
};

/** After an interrupted action, the answer must not read as if nothing had happened. */
function explain(fault: unknown): never {
  throw fault instanceof Interrupted ? new RefusedFault(refuse("service-failed", fault.said), fault) : fault;
}

/** Rotates as the schedule wants it. Throws where it failed: Lambda tries it again, and at last sounds the alarm. */
export const rotate: TaskHandler<Task, Ports> = async (ports, { task: { action }, deadline }) => {
  const reply = await perform(ports.chatOps(), {
    service: ports.service(),
    action,
    by: "schedule",
    deadline: deadline - MARGIN_MILLISECONDS,
  });
  // A schedule begins with a rotation as soon as it is made, before anybody could have set the secret.
  if (reply.outcome === "failed" && reply.failure !== "unusable-secret") throw new NotRotated(reply);
  return factsOf(reply);
};

class NotRotated extends Error {
  constructor({ failure }: Reply) {
    super(`The service's credential is not rotated: ${failure}. The audit trail says more.`);
    this.name = "NotRotated";
  }
}

const factsOf = ({ outcome, failure }: Reply): object => ({ outcome, failure });

/** The function of one service, with the ports that `portsWith` gives it. */
export const chatOpsLambda = (portsWith: (log: LogLine) => Ports) =>
  serviceLambda({ schema: Asking, answer, work: rotate }, portsWith);

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
