import type { Account } from "./account.ts";
import { draw } from "./random.ts";
import { type TakeTokens, tokenBucket } from "./token-bucket.ts";

/** Where a function works on one event. */
export interface Environment {
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Keeps the processor busy for so many milliseconds of a whole core, after what it does already. Gives how long that takes from now. */
  work(cpuMilliseconds: number): number;
  /** Its time is over: it does nothing more. */
  isEnded(): boolean;
}

export type Work = (environment: Environment) => Promise<unknown>;

/** `throttled`: there was no environment for it. */
export type Ending = "succeeded" | "failed" | "throttled";

/** Calls a function with one event, and gives how that ended. */
export type Invoke = (work: Work) => Promise<Ending>;

/** The functions of an account: they share its concurrency, and each starts environments at its own pace. */
export function lambda(account: Account) {
  const { clock, random, quotas, assumptions, usage } = account;
  const share = assumptions.cores(assumptions.memoryMegabytes);
  let busy = 0;

  const bill = (startedAt: number): void => {
    usage.invocations += 1;
    usage.gigabyteSeconds += (Math.ceil(clock.now() - startedAt) / 1000) * (assumptions.memoryMegabytes / 1024);
  };

  const open = (timeoutSeconds: number): Environment => {
    let busyUntil = 0;
    const deadline = clock.now() + timeoutSeconds * 1000;
    return {
      deadline,
      work(cpuMilliseconds) {
        busyUntil = Math.max(busyUntil, clock.now()) + cpuMilliseconds / share;
        return busyUntil - clock.now();
      },
      isEnded: () => clock.now() >= deadline,
    };
  };

  const run = async (work: Work, timeoutSeconds: number): Promise<Ending> => {
    const environment = open(timeoutSeconds);
    const timeout = clock.pause(timeoutSeconds * 1000).then((): Ending => "failed");
    await clock.pause(environment.work(assumptions.cpu.invocation));
    const worked = work(environment).then(
      (): Ending => "succeeded",
      (): Ending => "failed",
    );
    return Promise.race([worked, timeout]);
  };

  /** A function whose environments wait for the next event once they are started: none ends within what is simulated. */
  return (timeoutSeconds: number): Invoke => {
    const mayStart: TakeTokens = tokenBucket(quotas.scaling, clock.now);
    let idle = 0;

    const occupy = (isWarm: boolean): void => {
      if (isWarm) idle -= 1;
      busy += 1;
      usage.environments = Math.max(usage.environments, busy);
    };

    return async (work) => {
      const isWarm = idle > 0;
      if (busy >= quotas.concurrency || !(isWarm || mayStart())) {
        usage.invocationsRefused += 1;
        return "throttled";
      }
      occupy(isWarm);
      const startedAt = clock.now();
      await clock.pause(isWarm ? 0 : draw(assumptions.latencies.coldStart, random));
      const ending = await run(work, timeoutSeconds);
      bill(startedAt);
      busy -= 1;
      idle += 1;
      return ending;
    };
  };
}
