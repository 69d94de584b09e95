import * as v from "valibot";
import { type Failed, fail, type Result } from "./failure.ts";
import type { Intention, Service } from "./service.ts";

/**
 * A service's secret, in three stages. Each stage holds a JSON object, and each write is atomic.
 *
 * In Secrets Manager, the stages are the labels AWSCURRENT, AWSPENDING and AWSPREVIOUS. AWSPREVIOUS moves automatically
 * when AWSCURRENT moves. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export interface Secret {
  /** Missing stages are undefined. So is `pending` if it is the same version as `current`. */
  read(): Promise<StoredStages>;
  putPending(value: object): Promise<void>;
  dropPending(): Promise<void>;
  /** Makes the pending value current, and the current one previous, in one atomic step. */
  promote(): Promise<void>;
  dropPrevious(): Promise<void>;
}

export type Stage = "current" | "pending" | "previous";

export type StoredStages = { readonly [stage in Stage]?: object | undefined };

/** A rotation in progress. It stores the intention first, then the new credential. */
export interface Pending<Credential> {
  readonly intention: Intention;
  readonly credential?: Credential;
  /** The credential is in memory only. */
  readonly isUnstored?: true;
}

export interface Stages<Credential> {
  readonly current: Credential;
  readonly pending?: Pending<Credential>;
  readonly previous?: Credential;
}

const Intended = v.object({ intention: v.object({ name: v.string(), at: v.number() }) });

/** The value to store in the pending stage. It keeps the intention when it becomes current: versions are immutable. */
export const pendingValue = <Credential extends object>({ intention, credential }: Pending<Credential>): object => ({
  ...credential,
  intention,
});

/** Reads and validates the secret. A failure names the invalid fields, and never quotes a value. */
export async function readStages<Credential extends object>(
  service: Service<Credential>,
  secret: Secret,
): Promise<Result<Stages<Credential>>> {
  const { current, pending, previous } = await secret.read();
  if (current === undefined) {
    return fail(
      "unusable-secret",
      `The secret for ${service.title} is empty. Set it with: npm run secret -- ${service.key}`,
    );
  }
  const read = v.safeParse(service.credential, current);
  if (!read.success) return invalidSecret(service, read.issues);
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

function invalidSecret(
  { title, key }: Service,
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): Failed {
  const fields = issues.map((issue) => v.getDotPath(issue)).filter((path) => path !== null);
  const problem =
    fields.length === 0
      ? "is not a JSON object"
      : `has missing or invalid fields: ${fields.map((field) => `"${field}"`).join(", ")}`;
  return fail(
    "unusable-secret",
    `The secret for ${title} ${problem}. docs/chatops.md lists the fields. Set it with: npm run secret -- ${key}`,
  );
}
