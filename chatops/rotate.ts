import { fail, hasFailed, isCredentialRefused, type Result } from "./failure.ts";
import type { RevocationPorts } from "./revoke.ts";
import { type Pending, pendingValue, readStages, type Stages } from "./secret.ts";
import type { Intention, Rotation, Service } from "./service.ts";

export interface RotationPorts<Credential> extends RevocationPorts<Credential> {
  readonly newIntention: () => Intention;
  /** Called before each step, so the log of an interrupted rotation shows the step at which it stopped. */
  readonly onStep: (step: StepName) => void;
}

interface RotatableService<Credential extends object> {
  readonly service: Service<Credential>;
  readonly rotation: Rotation<Credential>;
}

/**
 * Replaces the credential. Continues where an interrupted run stopped, which the stages of the secret alone determine. The
 * current credential works whenever the rotation stops.
 */
export async function rotate<Credential extends object>(
  rotatable: RotatableService<Credential>,
  ports: RotationPorts<Credential>,
): Promise<Result<string>> {
  const { service } = rotatable;
  const found = await readStages(service, ports.secret);
  if (hasFailed(found)) return found;
  const rotated = await runSteps({ ...rotatable, ports, stages: found.value });
  if (!hasFailed(rotated)) return { value: `${service.title} has a new credential, and the old one is revoked.` };
  // The credential of an interrupted run may have expired. The failed step has removed it, so a second run creates another.
  const isStale = rotated.failure.code === "unproven" && found.value.pending !== undefined;
  return isStale ? rotate(rotatable, ports) : rotated;
}

async function runSteps<Credential extends object>(input: StepInput<Credential>): Promise<Result<Stages<Credential>>> {
  let { stages } = input;
  for (const { name, isDue, run } of STEPS) {
    if (!isDue(stages)) continue;
    input.ports.onStep(name);
    const next = await run({ ...input, stages });
    if (hasFailed(next)) return next;
    stages = next.value;
  }
  return { value: stages };
}

interface StepInput<Credential extends object> extends RotatableService<Credential> {
  readonly ports: RotationPorts<Credential>;
  readonly stages: Stages<Credential>;
}

type Run = <Credential extends object>(input: StepInput<Credential>) => Promise<Result<Stages<Credential>>>;

interface Step {
  readonly name: StepName;
  readonly isDue: (stages: Stages<object>) => boolean;
  /** Makes one change, either at the service or in the secret. Returns the stages after it. */
  readonly run: Run;
}

export type StepName = "recover" | "intend" | "make" | "keep" | "prove" | "promote" | "retire" | "forget";

/** An interrupted run may have requested a new credential and not stored it. */
const recover: Run = async ({ rotation, ports, stages }) => {
  const { intention } = pendingOf(stages);
  const found = await rotation.recover(ports.accessWith(stages.current), intention);
  if (hasFailed(found)) return found;
  const { credential, lost } = found.value;
  // Report it now: once the next credential is stored, no later run looks for the lost one.
  if (lost !== undefined) await ports.reportLost(lost);
  return { value: credential ? { ...stages, pending: { intention, credential, isUnstored: true } } : stages };
};

const intend: Run = async ({ ports, stages }) => {
  const intention = ports.newIntention();
  await ports.secret.putPending(pendingValue({ intention }));
  return { value: { ...stages, pending: { intention } } };
};

const make: Run = async ({ rotation, ports, stages }) => {
  const { intention } = pendingOf(stages);
  const made = await rotation.make(ports.accessWith(stages.current), intention);
  if (hasFailed(made)) return made;
  return { value: { ...stages, pending: { intention, credential: made.value, isUnstored: true } } };
};

const keep: Run = async ({ ports, stages }) => {
  const { isUnstored: _, ...pending } = pendingOf(stages);
  await ports.secret.putPending(pendingValue(pending));
  return { value: { ...stages, pending } };
};

/** If the service refuses the new credential, revokes and drops it. After any other failure, the next run tries again. */
const prove: Run = async ({ rotation, ports, stages }) => {
  const { credential } = pendingOf(stages);
  if (credential === undefined) throw new Error("The pending stage of the secret has no credential to verify.");
  const proven = await rotation.prove(ports.accessWith(credential));
  if (!isCredentialRefused(proven)) return hasFailed(proven) ? proven : { value: stages };
  const revoked = await rotation.revoke(ports.accessWith(stages.current), credential);
  if (hasFailed(revoked)) return revoked;
  await ports.secret.dropPending();
  return fail(
    "unproven",
    `The new credential did not work and was removed. The old one is still in use. ${proven.failure.detail}`,
  );
};

const promote: Run = async ({ ports, stages: { current, pending } }) => {
  await ports.secret.promote();
  return { value: { current: pending?.credential ?? current, previous: current } };
};

/** Skipped if the previous credential is also the current one: an operator may have set the secret to the same value. */
const retire: Run = async ({ rotation, ports, stages }) => {
  const { current, previous = current } = stages;
  const old = rotation.replaced(previous);
  if (old === undefined || old === rotation.replaced(current)) return { value: stages };
  const revoked = await rotation.revoke(ports.accessWith(current), previous);
  return hasFailed(revoked) ? revoked : { value: stages };
};

const forget: Run = async ({ ports, stages: { previous: _, ...stages } }) => {
  await ports.secret.dropPrevious();
  return { value: stages };
};

const hasPrevious = ({ previous }: Stages<object>): boolean => previous !== undefined;
const isIntendedOnly = ({ pending }: Stages<object>): boolean => pending !== undefined && !pending.credential;
const isMade = ({ pending }: Stages<object>): boolean => pending?.credential !== undefined;

const retiring: readonly Step[] = [
  { name: "retire", isDue: hasPrevious, run: retire },
  { name: "forget", isDue: hasPrevious, run: forget },
];

/** In order. The work of an interrupted run comes first, so that no step overwrites a credential that still works. */
export const STEPS: readonly Step[] = [
  ...retiring,
  { name: "recover", isDue: isIntendedOnly, run: recover },
  { name: "intend", isDue: ({ pending }) => pending === undefined, run: intend },
  { name: "make", isDue: isIntendedOnly, run: make },
  { name: "keep", isDue: ({ pending }) => pending?.isUnstored === true, run: keep },
  { name: "prove", isDue: isMade, run: prove },
  { name: "promote", isDue: isMade, run: promote },
  ...retiring,
];

function pendingOf<Credential>({ pending }: Stages<Credential>): Pending<Credential> {
  if (!pending) throw new Error("The secret has no pending stage.");
  return pending;
}
