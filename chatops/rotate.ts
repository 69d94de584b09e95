import { type Answer, hasFailed } from "./failure.ts";
import { readStages, type Stages } from "./secret.ts";
import { type Rotating, type RotationPorts, STEPS, type Turn } from "./steps.ts";

/**
 * Puts a new credential in the place of the old. Goes on where another run stopped: the stages of the secret alone say
 * where that is. Whenever it stops, the credential that is current works, as far as the service does.
 */
export async function rotate<Credential extends object>(
  rotating: Rotating<Credential>,
  ports: RotationPorts<Credential>,
): Promise<Answer<string>> {
  const found = await readStages(rotating.service, ports.secret);
  if (hasFailed(found)) return found;
  const turned = await takeSteps({ ...rotating, ports, stages: found.value });
  if (!hasFailed(turned))
    return { value: `${rotating.service.title} has a new credential, and the old one is revoked.` };
  // What an earlier run made may have expired meanwhile. It is dropped by now, so this run makes one of its own.
  const isStale = turned.failure.code === "unproven" && found.value.pending !== undefined;
  return isStale ? rotate(rotating, ports) : turned;
}

async function takeSteps<Credential extends object>(turn: Turn<Credential>): Promise<Answer<Stages<Credential>>> {
  let { stages } = turn;
  for (const { name, isDue, run } of STEPS) {
    if (!isDue(stages)) continue;
    turn.ports.begin(name);
    const next = await run({ ...turn, stages });
    if (hasFailed(next)) return next;
    stages = next.value;
  }
  return { value: stages };
}
