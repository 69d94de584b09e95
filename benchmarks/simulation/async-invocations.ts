import type { Account } from "./account.ts";
import type { Invoke, Work } from "./lambda.ts";
import { draw } from "./random.ts";

/** What failed is tried again after one minute, and after two. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_MILLISECONDS = [60_000, 120_000];

/** What was throttled, from a second on, up to five minutes. The same page. */
const THROTTLE_MILLISECONDS_MIN = 1_000;
const THROTTLE_MILLISECONDS_MAX = 300_000;

/** Lambda's queue of a function's asynchronous events: takes one and sees to it that it is done. */
export function eventQueue({ clock, random, assumptions, usage }: Account, invoke: Invoke): (work: Work) => void {
  const play = async (work: Work): Promise<void> => {
    await clock.pause(draw(assumptions.latencies.queue, random));
    let throttles = 0;
    for (let failures = 0; failures <= RETRY_MILLISECONDS.length; ) {
      const ending = await invoke(work);
      if (ending === "succeeded") return;
      if (ending === "throttled") {
        await clock.pause(Math.min(THROTTLE_MILLISECONDS_MIN * 2 ** throttles, THROTTLE_MILLISECONDS_MAX));
        throttles += 1;
      } else {
        await clock.pause(RETRY_MILLISECONDS[failures] ?? 0);
        failures += 1;
      }
    }
    usage.deadLetters += 1;
  };
  return (work) => void play(work);
}
