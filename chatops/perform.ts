import { client } from "./client.ts";
import { type Answer, type Failed, fail, hasFailed } from "./failure.ts";
import type { FailureCode } from "./failure-codes.ts";
import type { Ports } from "./ports.ts";
import { type RevocationPorts, revokeAll } from "./revoke.ts";
import { rotate } from "./rotate.ts";
import { NOTHING_TO_CONFIRM } from "./rules.ts";
import { readStages } from "./secret.ts";
import { type Action, type At, isAbsent, type Service } from "./service.ts";
import { type Entry, nameOf } from "./trail.ts";

/** What came of what was asked for. */
export interface Reply extends Pick<Entry, "outcome" | "failure"> {
  /** A sentence or two for who asked. */
  readonly said: string;
}

export interface Task extends Pick<Entry, "by" | "confirmedBy"> {
  readonly service: Service;
  readonly action: Action;
  /**
   * Uses up the code of a confirmation. False if another request has used it. Called under the lease: while another
   * action runs, the code stays valid.
   */
  readonly takeCode?: () => Promise<boolean>;
  /** When all must be over, in epoch milliseconds. */
  readonly deadline: number;
}

/** Performs an allowed action, adds it to the trail, and announces every change to the operators. */
export async function perform(ports: Ports, task: Task): Promise<Reply> {
  if (task.action === "status") return settle(ports, task, await run(ports, task));
  const progress: Progress = { hasBegun: false };
  try {
    const reply = await alone(ports, task, progress);
    await ports.announce(sentence(task, reply));
    return reply;
  } catch (fault) {
    const reply: Reply = { outcome: "failed", failure: "interrupted", said: progress.hasBegun ? INTERRUPTED : STOPPED };
    await note(ports, task, reply).catch(ports.onFault);
    await ports.announce(sentence(task, reply));
    throw new Interrupted(reply.said, fault);
  }
}

interface Progress {
  /** Whether the service may have been asked for something. */
  hasBegun: boolean;
}

/** What an operator does about a result that is not known. */
const ADVICE = "Ask for the status, or repeat the action.";

const STOPPED = "A fault of the chat itself stopped the action before it began. Repeat the action.";
const INTERRUPTED = `A fault of the chat itself interrupted the action, which may have taken effect. ${ADVICE}`;

/** A fault during an action that changes something, with a sentence for the requester. */
export class Interrupted extends Error {
  readonly said: string;

  constructor(said: string, fault: unknown) {
    super("The action was interrupted", { cause: fault });
    this.name = "Interrupted";
    this.said = said;
    // The log has the cause.
    if (fault instanceof Error && fault.stack) this.stack = fault.stack;
  }
}

/** A lease that cannot be released ends by itself, so that fault does not change the result. */
async function alone(ports: Ports, task: Task, progress: Progress): Promise<Reply> {
  const release = await ports.lease.take();
  if (!release) return settle(ports, task, busy(task));
  try {
    return await once(ports, task, progress);
  } finally {
    await release().catch(ports.onFault);
  }
}

/**
 * `begun` is in the trail before anything happens at the service, and before a code is used up: if the function dies in
 * between, the code stays valid.
 */
async function once(ports: Ports, task: Task, progress: Progress): Promise<Reply> {
  await note(ports, task, { outcome: "begun", said: "" });
  if (task.takeCode && !(await task.takeCode())) {
    const refused: Reply = { outcome: "refused", said: NOTHING_TO_CONFIRM };
    await note(ports, task, refused);
    return refused;
  }
  progress.hasBegun = true;
  return settle(ports, task, await run(ports, task));
}

const busy = ({ service, takeCode }: Task): Failed =>
  fail(
    "busy",
    `Another request is changing the credential for ${service.title}, or was interrupted less than a minute ago. Try again in a minute${takeCode ? "; the code stays valid" : ""}.`,
  );

/** After these, nobody knows what the service did. */
const UNCERTAIN: readonly FailureCode[] = ["unreachable", "slow", "broken", "nonsense"];

/** Runs an action, and adds to its sentence what the requester must know: unknown effects, and lost credentials. */
async function run(ports: Ports, task: Task): Promise<Answer<string>> {
  let hasAskedForChange = false;
  const lost: string[] = [];
  const answer = await act(
    {
      ...ports,
      http(request, timeout) {
        hasAskedForChange ||= request.method !== "GET";
        return ports.http(request, timeout);
      },
      async lose(said) {
        lost.push(said);
        await note(ports, task, { outcome: "lost", said });
      },
    },
    task,
  );
  if (!hasFailed(answer)) return { value: [answer.value, ...lost].join(" ") };
  const { code, detail } = answer.failure;
  const isUnknown = hasAskedForChange && UNCERTAIN.includes(code);
  const effect = isUnknown ? [`The action may have taken effect, in part or in full. ${ADVICE}`] : [];
  return fail(code, [detail, ...effect, ...lost].join(" "));
}

interface ActionPorts extends Ports, Pick<RevocationPorts<object>, "lose"> {}

async function act(ports: ActionPorts, { service, action, deadline }: Task): Promise<Answer<string>> {
  const { secret, http, now, pause, newCode, begin, lose } = ports;
  const as = <Credential extends object>(credential: Credential): At<Credential> => ({
    client: client({ title: service.title, isOwnError: service.isOwnError, http, now, pause, deadline, credential }),
    now,
    credential,
  });
  const wanted = service.actions[action];
  if (isAbsent(wanted)) throw new Error(`${service.title} cannot ${action}.`);
  if ("make" in wanted) {
    const newIntention = () => ({ name: `chat-ops-${newCode()}`, at: now() });
    return rotate({ service, rotation: wanted }, { secret, as, newIntention, begin, lose });
  }
  if ("revoke" in wanted) return revokeAll({ service, revocation: wanted }, { secret, as, lose });
  const stages = await readStages(service, secret);
  return hasFailed(stages) ? stages : wanted.run(as(stages.value.current));
}

async function settle(ports: Ports, task: Task, answer: Answer<string>): Promise<Reply> {
  const reply: Reply = hasFailed(answer)
    ? { outcome: "failed", failure: answer.failure.code, said: answer.failure.detail }
    : { outcome: "done", said: answer.value };
  await note(ports, task, reply);
  return reply;
}

const note = ({ trail, now }: Ports, { service, action, by, confirmedBy }: Task, reply: Reply): Promise<void> =>
  trail.add({ at: now(), service: service.key, action, by, confirmedBy, ...reply });

function sentence({ service, action, by, confirmedBy }: Task, { outcome, said }: Reply): string {
  const who = nameOf(by) + (confirmedBy === undefined ? "" : `, confirmed by ${confirmedBy}`);
  return `${service.key} ${action}, asked for by ${who}: ${outcome}. ${said}`;
}
