import { hasFailed, type Result } from "./failure.ts";
import { type Pending, readStages, type Secret } from "./secret.ts";
import { isUnsupported, type Recovered, type Revocation, type Service, type ServiceAccess } from "./service.ts";

export interface RevocationPorts<Credential> {
  readonly secret: Secret;
  /** The service's API, to use with the given credential. */
  readonly accessWith: (credential: Credential) => ServiceAccess<Credential>;
  /** Records a sentence about a credential that may still work although the secret does not hold it. */
  readonly reportLost: (sentence: string) => Promise<void>;
}

interface RevocableService<Credential extends object> {
  readonly service: Service<Credential>;
  readonly revocation: Revocation<Credential>;
}

/**
 * Revokes the credentials in all stages of the secret, including those that an interrupted rotation left behind. The
 * current credential is revoked last, because it authenticates the other requests.
 */
export async function revokeAll<Credential extends object>(
  { service, revocation }: RevocableService<Credential>,
  { secret, accessWith, reportLost }: RevocationPorts<Credential>,
): Promise<Result<string>> {
  const found = await readStages(service, secret);
  if (hasFailed(found)) return found;
  const { current, pending, previous } = found.value;
  const access = accessWith(current);
  const recovered = await recover(service, access, pending);
  if (hasFailed(recovered)) return recovered;
  const { credential: made, lost } = recovered.value;
  if (lost !== undefined) await reportLost(lost);
  for (const credential of [made, previous].filter((each) => each !== undefined)) {
    const revoked = await revocation.revoke(access, credential);
    if (hasFailed(revoked)) return revoked;
  }
  if (pending) await secret.dropPending();
  if (previous) await secret.dropPrevious();
  const revoked = await revocation.revoke(access, current);
  return hasFailed(revoked) ? revoked : { value: `The credential for ${service.title} is revoked.` };
}

async function recover<Credential extends object>(
  { actions: { rotate } }: Service<Credential>,
  access: ServiceAccess<Credential>,
  pending: Pending<Credential> | undefined,
): Promise<Result<Recovered<Credential>>> {
  const isLost = pending && !pending.credential && !isUnsupported(rotate);
  return isLost ? rotate.recover(access, pending.intention) : { value: { credential: pending?.credential } };
}
