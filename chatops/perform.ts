import { client } from "./client.ts";
import { type Answer, type Failed, fail, hasFailed } from "./failure.ts";
import type { Ports } from "./ports.ts";
import { revokeAll } from "./revoke.ts";
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
  try {
    const reply = await alone(ports, task);
    await ports.announce(sentence(task, reply));
    return reply;
  } catch (fault) {
    await ports.announce(sentence(task, { outcome: "failed", said: "The fault is ours, and in the log." }));
    throw fault;
  }
}

/** The trail has the result before the lease is released: a failed release loses nothing. */
async function alone(ports: Ports, task: Task): Promise<Reply> {
  const release = await ports.lease.take();
  if (!release) return settle(ports, task, busy(task));
  try {
    return await once(ports, task);
  } finally {
    await release();
  }
}

/** `begun` is in the trail before anything happens at the service. */
async function once(ports: Ports, task: Task): Promise<Reply> {
  if (task.takeCode && !(await task.takeCode())) {
    const refused: Reply = { outcome: "refused", said: NOTHING_TO_CONFIRM };
    await note(ports, task, refused);
    return refused;
  }
  await note(ports, task, { outcome: "begun", said: "" });
  return settle(ports, task, await run(ports, task));
}

const busy = ({ service, takeCode }: Task): Failed =>
  fail(
    "busy",
    `Another request is changing the credential for ${service.title}. Try again in a minute${takeCode ? "; the code stays valid" : ""}.`,
  );

async function run(ports: Ports, { service, action, deadline }: Task): Promise<Answer<string>> {
  const { secret, http, now, pause, newCode, begin } = ports;
  const as = <Credential extends object>(credential: Credential): At<Credential> => ({
    client: client({ title: service.title, isOwnError: service.isOwnError, http, now, pause, deadline, credential }),
    now,
    credential,
  });
  const wanted = service.actions[action];
  if (isAbsent(wanted)) throw new Error(`${service.title} cannot ${action}.`);
  if ("make" in wanted) {
    const newIntention = () => ({ name: `chat-ops-${newCode()}`, at: now() });
    return rotate({ service, rotation: wanted }, { secret, as, newIntention, begin });
  }
  if ("revoke" in wanted) return revokeAll({ service, revocation: wanted }, { secret, as });
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
