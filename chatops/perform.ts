import { type Failed, type FailureCode, fail, hasFailed, type Result } from "./failure.ts";
import { type AuditEntry, nameOf, type Ports } from "./ports.ts";
import { type RevocationPorts, revokeAll } from "./revoke.ts";
import { rotate } from "./rotate.ts";
import { NOTHING_TO_CONFIRM } from "./rules.ts";
import { readStages } from "./secret.ts";
import { type Action, isUnsupported, type Service, type ServiceAccess } from "./service.ts";
import { serviceClient } from "./service-client.ts";

export interface Reply extends Pick<AuditEntry, "outcome" | "failure"> {
  /** One or two sentences for the requester. */
  readonly said: string;
}

export interface Task extends Pick<AuditEntry, "by" | "confirmedBy"> {
  readonly service: Service;
  readonly action: Action;
  /**
   * Uses up the code of a confirmation. False if another request has used it. Called under the lease: while another
   * action runs, the code stays valid.
   */
  readonly takeCode?: () => Promise<boolean>;
  /** When the action must be finished, in epoch milliseconds. */
  readonly deadline: number;
}

/** Performs an action that the caller has authorized, adds it to the audit trail, and announces changes to operators. */
export async function perform(ports: Ports, task: Task): Promise<Reply> {
  if (task.action === "status") return recordResult(ports, task, await run(ports, task));
  const progress: Progress = { hasBegun: false };
  try {
    const reply = await runWithLease(ports, task, progress);
    await ports.announce(announcementOf(task, reply));
    return reply;
  } catch (fault) {
    const said = progress.hasBegun ? INTERRUPTED : NOT_STARTED;
    const reply: Reply = { outcome: "failed", failure: "interrupted", said };
    await record(ports, task, reply).catch(ports.onFault);
    await ports.announce(announcementOf(task, reply));
    throw new Interrupted(reply.said, fault);
  }
}

interface Progress {
  /** Whether the service may have received a request. */
  hasBegun: boolean;
}

/** What to do if the result is unknown. */
const ADVICE = "Check the status, or repeat the action.";

const NOT_STARTED = "An internal error of the chat stopped the action before it started. Repeat the action.";
const INTERRUPTED = `An internal error of the chat interrupted the action, which may have taken effect. ${ADVICE}`;

/** A fault during an action that changes something, with a sentence for the requester. */
export class Interrupted extends Error {
  readonly said: string;

  constructor(said: string, fault: unknown) {
    super("The action was interrupted", { cause: fault });
    this.name = "Interrupted";
    this.said = said;
    // So that the log shows where the fault happened.
    if (fault instanceof Error && fault.stack) this.stack = fault.stack;
  }
}

/** A failed release does not change the result of the action: the lease expires by itself. */
async function runWithLease(ports: Ports, task: Task, progress: Progress): Promise<Reply> {
  const release = await ports.lease.take();
  if (!release) return recordResult(ports, task, busy(task));
  try {
    return await runRecorded(ports, task, progress);
  } finally {
    await release().catch(ports.onFault);
  }
}

/**
 * `begun` is in the audit trail before the service is called, and before the code is used up: if the function crashes in
 * between, the code stays valid.
 */
async function runRecorded(ports: Ports, task: Task, progress: Progress): Promise<Reply> {
  await record(ports, task, { outcome: "begun", said: "" });
  if (task.takeCode && !(await task.takeCode())) {
    const refused: Reply = { outcome: "refused", said: NOTHING_TO_CONFIRM };
    await record(ports, task, refused);
    return refused;
  }
  progress.hasBegun = true;
  return recordResult(ports, task, await run(ports, task));
}

const busy = ({ service, takeCode }: Task): Failed =>
  fail(
    "busy",
    `Another request is changing the credential for ${service.title}, or was interrupted less than a minute ago. Try again in a minute${takeCode ? "; the code stays valid" : ""}.`,
  );

/** After these failures, the service may or may not have processed the request. */
const UNCERTAIN: readonly FailureCode[] = ["unreachable", "slow", "broken", "nonsense"];

/** Runs an action. Adds unknown effects and lost credentials to the sentence for the requester. */
async function run(ports: Ports, task: Task): Promise<Result<string>> {
  let hasRequestedChange = false;
  const lost: string[] = [];
  const result = await runAction(
    {
      ...ports,
      http(request, timeout) {
        hasRequestedChange ||= request.method !== "GET";
        return ports.http(request, timeout);
      },
      async reportLost(said) {
        lost.push(said);
        await record(ports, task, { outcome: "lost", said });
      },
    },
    task,
  );
  if (!hasFailed(result)) return { value: [result.value, ...lost].join(" ") };
  const { code, detail } = result.failure;
  const isUnknown = hasRequestedChange && UNCERTAIN.includes(code);
  const effect = isUnknown ? [`The action may have taken effect, in part or in full. ${ADVICE}`] : [];
  return fail(code, [detail, ...effect, ...lost].join(" "));
}

interface ActionPorts extends Ports, Pick<RevocationPorts<object>, "reportLost"> {}

async function runAction(ports: ActionPorts, { service, action, deadline }: Task): Promise<Result<string>> {
  const { secret, http, now, pause, newCode, onStep, reportLost } = ports;
  const { title, isOwnError } = service;
  const accessWith = <Credential extends object>(credential: Credential): ServiceAccess<Credential> => ({
    client: serviceClient({ title, isOwnError, http, now, pause, deadline, credential }),
    now,
    credential,
  });
  const requested = service.actions[action];
  if (isUnsupported(requested)) throw new Error(`${title} does not support ${action}.`);
  if ("make" in requested) {
    const newIntention = () => ({ name: `chat-ops-${newCode()}`, at: now() });
    return rotate({ service, rotation: requested }, { secret, accessWith, newIntention, onStep, reportLost });
  }
  if ("revoke" in requested) return revokeAll({ service, revocation: requested }, { secret, accessWith, reportLost });
  const stages = await readStages(service, secret);
  return hasFailed(stages) ? stages : requested.run(accessWith(stages.value.current));
}

async function recordResult(ports: Ports, task: Task, result: Result<string>): Promise<Reply> {
  const reply: Reply = hasFailed(result)
    ? { outcome: "failed", failure: result.failure.code, said: result.failure.detail }
    : { outcome: "done", said: result.value };
  await record(ports, task, reply);
  return reply;
}

const record = ({ trail, now }: Ports, { service, action, by, confirmedBy }: Task, reply: Reply): Promise<void> =>
  trail.add({ at: now(), service: service.key, action, by, confirmedBy, ...reply });

function announcementOf({ service, action, by, confirmedBy }: Task, { outcome, said }: Reply): string {
  const requester = nameOf(by) + (confirmedBy === undefined ? "" : `, confirmed by ${confirmedBy}`);
  return `${service.key} ${action}, requested by ${requester}: ${outcome}. ${said}`;
}

export interface ScheduledRotation {
  readonly service: Service;
  /** When the rotation must be finished, in epoch milliseconds. */
  readonly deadline: number;
}

/** Throws if the rotation failed: Lambda then retries the event, and the alarm is raised after the last attempt. */
export async function rotateOnSchedule(ports: Ports, { service, deadline }: ScheduledRotation): Promise<Reply> {
  const reply = await perform(ports, { service, action: "rotate", by: "schedule", deadline });
  // Not a failure: a new schedule rotates immediately, usually before an operator has set the secret.
  const isSecretMissing = reply.failure === "unusable-secret";
  if (reply.outcome === "failed" && !isSecretMissing) throw new RotationFailed(service, reply);
  return reply;
}

class RotationFailed extends Error {
  constructor({ title }: Service, { failure }: Reply) {
    super(`The credential for ${title} was not rotated: ${failure}. See the audit trail for details.`);
    this.name = "RotationFailed";
  }
}
