import type { Account } from "./account.ts";
import type { Invoke, Work } from "./lambda.ts";
import { draw } from "./random.ts";

/** Lambda retries a failed event after one minute, and again after two. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_MILLISECONDS = [60_000, 120_000];

/** Lambda retries a throttled event with exponential backoff, from one second to five minutes (same page). */
const THROTTLE_MILLISECONDS_MIN = 1_000;
const THROTTLE_MILLISECONDS_MAX = 300_000;

/** Lambda's queue of the asynchronous events of a function. */
export function asyncInvocations({ clock, random, assumptions, usage }: Account, invoke: Invoke): (work: Work) => void {
  const handle = async (work: Work): Promise<void> => {
    await clock.pause(draw(assumptions.latencies.queue, random));
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
