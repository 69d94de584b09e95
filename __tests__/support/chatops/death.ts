import type { Ports } from "../../../chatops/ports.ts";
import type { StepName } from "../../../chatops/rotate.ts";

/** When the function crashes: before a step, or after its effect at the service or in the secret, before it knows the result. */
export interface Death {
  readonly step: StepName;
  readonly when: "before" | "after";
}

const KILLED = "The function was killed.";

/** Ports with which the function crashes once. No call after the crash has an effect. */
export function mortal(ports: Ports, { step, when }: Death): Ports {
  let [now, isDead]: [StepName | undefined, boolean] = [undefined, false];
  const die = (): void => {
    isDead = true;
    throw new Error(KILLED);
  };
  const outlive = async <Value>(done: Promise<Value>): Promise<Value> => {
    const value = await done;
    if (!isDead && now === step && when === "after") die();
    return value;
  };
  const { secret } = ports;
  return {
    ...ports,
    onStep(name) {
      now = name;
      if (!isDead && name === step && when === "before") die();
    },
    http: (request, timeout) => outlive(ports.http(request, timeout)),
    secret: {
      read: () => secret.read(),
      putPending: (value) => outlive(secret.putPending(value)),
      dropPending: () => outlive(secret.dropPending()),
      promote: () => outlive(secret.promote()),
      dropPrevious: () => outlive(secret.dropPrevious()),
    },
  };
}

/** Whether the run crashed. Rejects if it failed for any other reason. */
export async function dies(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return false;
  } catch (fault) {
    const { message, cause } = fault as Error;
    if (message === KILLED || (cause as Error | undefined)?.message === KILLED) return true;
    throw fault;
  }
}
