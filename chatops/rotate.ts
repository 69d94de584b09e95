import { type Answer, hasFailed } from "./failure.ts";
import { readStages, type Stages } from "./secret.ts";
import type { Rotating } from "./service.ts";
import { type RotationPorts, STEPS } from "./steps.ts";

/**
 * Puts a new credential in the place of the old. Goes on where another run stopped: the stages of the secret alone say
 * where that is. Whenever it stops, the credential that is current works, as far as the service does.
 */
export async function rotate<Credential extends object>(
  service: Rotating<Credential>,
  ports: RotationPorts<Credential>,
): Promise<Answer<string>> {
  const found = await readStages(service, ports.secret);
  if (hasFailed(found)) return found;
  const turned = await takeSteps(service, ports, found.value);
  if (!hasFailed(turned)) return { value: `${service.title} has a new credential, and the old one is revoked.` };
  // What an earlier run made may have expired meanwhile. It is dropped by now, so this run makes one of its own.
  const isStale = turned.failure.code === "unproven" && found.value.pending !== undefined;
  return isStale ? rotate(service, ports) : turned;
}

async function takeSteps<Credential extends object>(
  service: Rotating<Credential>,
  ports: RotationPorts<Credential>,
  found: Stages<Credential>,
): Promise<Answer<Stages<Credential>>> {
  let stages = found;
  for (const { name, isDue, run } of STEPS) {
    if (!isDue(stages)) continue;
    ports.begin(name);
    const next = await run({ service, ports, stages });
    if (hasFailed(next)) return next;
    stages = next.value;
  }
  return { value: stages };
}
