import { type Answer, hasFailed } from "./failure.ts";
import { readStages, type Secret, type Stages } from "./secret.ts";
import { type At, isAbsent, type Revocation, type Service } from "./service.ts";

export interface RevocationPorts<Credential> {
  readonly secret: Secret;
  readonly as: (credential: Credential) => At<Credential>;
}

interface Revoking<Credential extends object> {
  readonly service: Service<Credential>;
  readonly revocation: Revocation<Credential>;
}

/** Ends every credential that the secret holds, in whatever stage: one that a rotation left behind would go on working. */
export async function revokeAll<Credential extends object>(
  { service, revocation }: Revoking<Credential>,
  { secret, as }: RevocationPorts<Credential>,
): Promise<Answer<string>> {
  const found = await readStages(service, secret);
  if (hasFailed(found)) return found;
  const at = as(found.value.current);
  const others = await othersOf(service, at, found.value);
  if (hasFailed(others)) return others;
  // The current one last: it is what the others are ended with.
  for (const credential of [...others.value, found.value.current]) {
    const revoked = await revocation.revoke(at, credential);
    if (hasFailed(revoked)) return revoked;
  }
  if (found.value.pending) await secret.dropPending();
  if (found.value.previous) await secret.dropPrevious();
  return { value: `The credential for ${service.title} is revoked.` };
}

async function othersOf<Credential extends object>(
  { actions: { rotate } }: Service<Credential>,
  at: At<Credential>,
  { pending, previous }: Stages<Credential>,
): Promise<Answer<readonly Credential[]>> {
  const lost =
    pending && !pending.credential && !isAbsent(rotate)
      ? await rotate.recover(at, pending.intention)
      : { value: pending?.credential };
  if (hasFailed(lost)) return lost;
  return { value: [lost.value, previous].filter((credential) => credential !== undefined) };
}
