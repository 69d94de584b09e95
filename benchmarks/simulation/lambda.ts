import type { Account } from "./account.ts";
import { type TakeTokens, tokenBucket } from "./quotas.ts";
import { sampleLatency } from "./random.ts";

/** An execution environment, in which a function processes one event. */
export interface ExecutionEnvironment {
  /** When Lambda ends the function, in epoch milliseconds. */
  readonly deadline: number;
  /** Adds work to the processor, in milliseconds of a whole core. Returns the milliseconds from now until it is done. */
  work(cpuMilliseconds: number): number;
  /** Whether the function has timed out. */
  isEnded(): boolean;
}

export type Work = (environment: ExecutionEnvironment) => Promise<unknown>;

/** `throttled`: no execution environment was available. */
export type InvocationOutcome = "succeeded" | "failed" | "throttled";

/** Invokes a function with one event. */
export type Invoke = (work: Work) => Promise<InvocationOutcome>;

/** The functions of an account. They share its concurrency quota. Each function scales on its own. */
export function lambda(account: Account) {
  const { clock, random, quotas, assumptions, usage } = account;
  const share = assumptions.cores(assumptions.memoryMegabytes);
  let busy = 0;

  const bill = (startedAt: number): void => {
    usage.invocations += 1;
    usage.gigabyteSeconds += (Math.ceil(clock.now() - startedAt) / 1000) * (assumptions.memoryMegabytes / 1024);
  };

  const open = (timeoutSeconds: number): ExecutionEnvironment => {
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

  const run = async (work: Work, timeoutSeconds: number): Promise<InvocationOutcome> => {
    const environment = open(timeoutSeconds);
    const timeout = clock.pause(timeoutSeconds * 1000).then((): InvocationOutcome => "failed");
    await clock.pause(environment.work(assumptions.cpu.invocation));
    const worked = work(environment).then(
      (): InvocationOutcome => "succeeded",
      (): InvocationOutcome => "failed",
    );
    return Promise.race([worked, timeout]);
  };

  /** A function. Its environments stay warm: none is removed within the time that is simulated. */
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
      await clock.pause(isWarm ? 0 : sampleLatency(assumptions.latencies.coldStart, random));
      const outcome = await run(work, timeoutSeconds);
      bill(startedAt);
      busy -= 1;
      idle += 1;
      return outcome;
    };
  };
}

/** Lambda retries a failed event after one minute, and again after two. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_MILLISECONDS = [60_000, 120_000];

/** Lambda retries a throttled event with exponential backoff, from one second to five minutes (same page). */
const THROTTLE_MILLISECONDS_MIN = 1_000;
const THROTTLE_MILLISECONDS_MAX = 300_000;

/** Lambda's queue of the asynchronous events of a function. */
export function asyncInvocations({ clock, random, assumptions, usage }: Account, invoke: Invoke): (work: Work) => void {
  const handle = async (work: Work): Promise<void> => {
    await clock.pause(sampleLatency(assumptions.latencies.queue, random));
    let throttles = 0;
    for (let failures = 0; failures <= RETRY_MILLISECONDS.length; ) {
      const outcome = await invoke(work);
      if (outcome === "succeeded") return;
      if (outcome === "throttled") {
        await clock.pause(Math.min(THROTTLE_MILLISECONDS_MIN * 2 ** throttles, THROTTLE_MILLISECONDS_MAX));
        throttles += 1;
      } else {
        await clock.pause(RETRY_MILLISECONDS[failures] ?? 0);
        failures += 1;
      }
    }
    usage.deadLetters += 1;
  };
  return (work) => void handle(work);
}
