import type { Ports } from "../../../chatops/ports.ts";
import type { StepName } from "../../../chatops/steps.ts";

/** When a function dies: before a step begins, or when the step is done at the service or the secret, and not known here. */
export interface Death {
  readonly step: StepName;
  readonly when: "before" | "after";
}

const KILLED = "The function was killed.";

/** Ports through which a function dies once, as its process would: nothing after it happens. */
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
    begin(name) {
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

/** Whether a function died on its way. Rejects where it failed of anything else. */
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
