import type { Ports } from "../../../chatops/ports.ts";
import type { StepName } from "../../../chatops/rotate.ts";

/** When the function crashes: before a step, or after its effect at the service or in the secret, before it receives the result. */
export interface Crash {
  readonly step: StepName;
  readonly when: "before" | "after";
}

const CRASHED = "The function crashed.";

/** Ports with which the function crashes once. No call after the crash has an effect. */
export function crashing(ports: Ports, { step, when }: Crash): Ports {
  let [now, hasCrashed]: [StepName | undefined, boolean] = [undefined, false];
  const crash = (): void => {
    hasCrashed = true;
    throw new Error(CRASHED);
  };
  const crashAfter = async <Value>(done: Promise<Value>): Promise<Value> => {
    const value = await done;
    if (!hasCrashed && now === step && when === "after") crash();
    return value;
  };
  const { secret } = ports;
  return {
    ...ports,
    onStep(name) {
      now = name;
      if (!hasCrashed && name === step && when === "before") crash();
    },
    http: (request, timeout) => crashAfter(ports.http(request, timeout)),
    secret: {
      read: () => secret.read(),
      putPending: (value) => crashAfter(secret.putPending(value)),
      dropPending: () => crashAfter(secret.dropPending()),
      promote: () => crashAfter(secret.promote()),
      dropPrevious: () => crashAfter(secret.dropPrevious()),
    },
  };
}

/** Whether the run crashed. Rejects if it failed for any other reason. */
export async function crashes(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return false;
  } catch (fault) {
    const { message, cause } = fault as Error;
    if (message === CRASHED || (cause as Error | undefined)?.message === CRASHED) return true;
    throw fault;
  }
}
