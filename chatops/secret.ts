import * as v from "valibot";
import { type Answer, fail } from "./failure.ts";
import type { Intention, Service } from "./service.ts";

/**
 * A service's secret, in stages. Each holds a JSON object, and each write is one atomic step.
 *
 * In Secrets Manager they are the labels AWSCURRENT and AWSPENDING, and for what was current AWSPREVIOUS, which moves
 * along when AWSCURRENT does. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export interface Secret {
  /** A stage that is not there is undefined. `pending` is, where it is the same version as `current`. */
  read(): Promise<Stored>;
  putPending(value: object): Promise<void>;
  dropPending(): Promise<void>;
  /** Pending becomes current, and current previous, all at once. */
  promote(): Promise<void>;
  dropPrevious(): Promise<void>;
}

export type Stage = "current" | "pending" | "previous";

export type Stored = { readonly [stage in Stage]?: object | undefined };

/** A new credential on its way: intended, then made, then kept. */
export interface Pending<Credential> {
  readonly intention: Intention;
  readonly credential?: Credential;
  /** Made, and nowhere but in memory. */
  readonly isUnkept?: true;
}

export interface Stages<Credential> {
  readonly current: Credential;
  readonly pending?: Pending<Credential>;
  readonly previous?: Credential;
}

const Intended = v.object({ intention: v.object({ name: v.string(), at: v.number() }) });

/** What is kept of a pending credential. It stays as it is when it becomes current: versions cannot be changed. */
export const keptOf = <Credential extends object>({ intention, credential }: Pending<Credential>): object => ({
  ...credential,
  intention,
});

/** Reads what the secret holds. Its words never quote a value. */
export async function readStages<Credential extends object>(
  service: Service<Credential>,
  secret: Secret,
): Promise<Answer<Stages<Credential>>> {
  const { current, pending, previous } = await secret.read();
  if (current === undefined) {
    return fail(
      "unusable-secret",
      `The secret of ${service.title} is empty. Set it: npm run secret -- ${service.key}.`,
    );
  }
  const read = v.safeParse(service.credential, current);
  if (!read.success) return unusable(service, read.issues);
  const intended = v.safeParse(Intended, pending);
  const made = v.safeParse(service.credential, pending);
  const before = v.safeParse(service.credential, previous);
  return {
    value: {
      current: read.output,
      ...(intended.success && {
        pending: { ...intended.output, ...(made.success && { credential: made.output }) },
      }),
      ...(before.success && { previous: before.output }),
    },
  };
}

function unusable({ title, key }: Service, issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]) {
  const fields = issues.map((issue) => `"${v.getDotPath(issue) ?? "all of it"}"`).join(", ");
  return fail(
    "unusable-secret",
    `The secret of ${title} is not what docs/chatops.md says, in ${fields}. Set it: npm run secret -- ${key}.`,
  );
}
