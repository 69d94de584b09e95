import { type Answer, fail, hasFailed, isVerdict } from "./failure.ts";
import { keptOf, type Pending, type Secret, type Stages } from "./secret.ts";
import type { At, Intention, Rotation, Service } from "./service.ts";

export interface RotationPorts<Credential> {
  readonly secret: Secret;
  /** The service's API, with a credential to use there. */
  readonly as: (credential: Credential) => At<Credential>;
  readonly newIntention: () => Intention;
  /** Told before each step: the log of a rotation that dies ends where it died. */
  readonly begin: (step: StepName) => void;
  /** Records a sentence about a credential that may still work although the secret does not hold it. */
  readonly lose: (sentence: string) => Promise<void>;
}

/** A service that can rotate. */
export interface Rotating<Credential extends object> {
  readonly service: Service<Credential>;
  readonly rotation: Rotation<Credential>;
}

/** What a step has at hand. */
export interface Turn<Credential extends object> extends Rotating<Credential> {
  readonly ports: RotationPorts<Credential>;
  readonly stages: Stages<Credential>;
}

type Run = <Credential extends object>(turn: Turn<Credential>) => Promise<Answer<Stages<Credential>>>;

interface Step {
  readonly name: StepName;
  readonly isDue: (stages: Stages<object>) => boolean;
  /** Does one thing at the service, or one to the secret. Gives the stages after it. */
  readonly run: Run;
}

export type StepName = "recover" | "intend" | "make" | "keep" | "prove" | "promote" | "retire" | "forget";

/** An earlier run may have died while it asked for a new credential: there may be one that nobody has. */
const recover: Run = async ({ rotation, ports, stages }) => {
  const { intention } = pendingOf(stages);
  const found = await rotation.recover(ports.as(stages.current), intention);
  if (hasFailed(found)) return found;
  const { credential, lost } = found.value;
  // Once the next credential is stored, no later run looks for the lost one.
  if (lost !== undefined) await ports.lose(lost);
  return { value: credential ? { ...stages, pending: { intention, credential, isUnkept: true } } : stages };
};

const intend: Run = async ({ ports, stages }) => {
  const intention = ports.newIntention();
  await ports.secret.putPending(keptOf({ intention }));
  return { value: { ...stages, pending: { intention } } };
};

const make: Run = async ({ rotation, ports, stages }) => {
  const { intention } = pendingOf(stages);
  const made = await rotation.make(ports.as(stages.current), intention);
  if (hasFailed(made)) return made;
  return { value: { ...stages, pending: { intention, credential: made.value, isUnkept: true } } };
};

const keep: Run = async ({ ports, stages }) => {
  const { isUnkept: _, ...pending } = pendingOf(stages);
  await ports.secret.putPending(keptOf(pending));
  return { value: { ...stages, pending } };
};

/** One that does not work is ended and dropped. Where the service gave no verdict, the next run asks it again. */
const prove: Run = async ({ rotation, ports, stages }) => {
  const { credential } = pendingOf(stages);
  if (credential === undefined) throw new Error("There is no new credential to prove.");
  const proven = await rotation.prove(ports.as(credential));
  if (!isVerdict(proven)) return hasFailed(proven) ? proven : { value: stages };
  const revoked = await rotation.revoke(ports.as(stages.current), credential);
  if (hasFailed(revoked)) return revoked;
  await ports.secret.dropPending();
  return fail(
    "unproven",
    `The new credential does not work, and is removed; the old one stays. ${proven.failure.detail}`,
  );
};

const promote: Run = async ({ ports, stages: { current, pending } }) => {
  await ports.secret.promote();
  return { value: { current: pending?.credential ?? current, previous: current } };
};

/** Not where it is the one in use: somebody may have set the secret again with what it had. */
const retire: Run = async ({ rotation, ports, stages }) => {
  const { current, previous = current } = stages;
  const old = rotation.replaced(previous);
  if (old === undefined || old === rotation.replaced(current)) return { value: stages };
  const revoked = await rotation.revoke(ports.as(current), previous);
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

/** In their order. What an earlier run left undone comes first: no step overwrites a credential that still lives. */
export const STEPS: readonly Step[] = [
  ...retiring,
  { name: "recover", isDue: isIntendedOnly, run: recover },
  { name: "intend", isDue: ({ pending }) => pending === undefined, run: intend },
  { name: "make", isDue: isIntendedOnly, run: make },
  { name: "keep", isDue: ({ pending }) => pending?.isUnkept === true, run: keep },
  { name: "prove", isDue: isMade, run: prove },
  { name: "promote", isDue: isMade, run: promote },
  ...retiring,
];

function pendingOf<Credential>({ pending }: Stages<Credential>): Pending<Credential> {
  if (!pending) throw new Error("There is no new credential on its way.");
  return pending;
}
