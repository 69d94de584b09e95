import { type Answer, hasFailed } from "./failure.ts";
import { type Pending, readStages, type Secret } from "./secret.ts";
import { type At, isAbsent, type Recovered, type Revocation, type Service } from "./service.ts";

export interface RevocationPorts<Credential> {
  readonly secret: Secret;
  readonly as: (credential: Credential) => At<Credential>;
  /** Records a sentence about a credential that may still work although the secret does not hold it. */
  readonly lose: (sentence: string) => Promise<void>;
}

interface Revoking<Credential extends object> {
  readonly service: Service<Credential>;
  readonly revocation: Revocation<Credential>;
}

/**
 * Ends every credential that the secret holds, in whatever stage: one that a rotation left behind would go on working. The
 * current one is the last, because the others are found and ended with it.
 */
export async function revokeAll<Credential extends object>(
  { service, revocation }: Revoking<Credential>,
  { secret, as, lose }: RevocationPorts<Credential>,
): Promise<Answer<string>> {
  const found = await readStages(service, secret);
  if (hasFailed(found)) return found;
  const { current, pending, previous } = found.value;
  const at = as(current);
  const recovered = await recover(service, at, pending);
  if (hasFailed(recovered)) return recovered;
  const { credential: made, lost } = recovered.value;
  if (lost !== undefined) await lose(lost);
  for (const credential of [made, previous].filter((each) => each !== undefined)) {
    const revoked = await revocation.revoke(at, credential);
    if (hasFailed(revoked)) return revoked;
  }
  if (pending) await secret.dropPending();
  if (previous) await secret.dropPrevious();
  const revoked = await revocation.revoke(at, current);
  return hasFailed(revoked) ? revoked : { value: `The credential for ${service.title} is revoked.` };
}

async function recover<Credential extends object>(
  { actions: { rotate } }: Service<Credential>,
  at: At<Credential>,
  pending: Pending<Credential> | undefined,
): Promise<Answer<Recovered<Credential>>> {
  const isLost = pending && !pending.credential && !isAbsent(rotate);
  return isLost ? rotate.recover(at, pending.intention) : { value: { credential: pending?.credential } };
}
