import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { eventQueue } from "../../../benchmarks/simulation/async-invocations.ts";
import type { Ending } from "../../../benchmarks/simulation/lambda.ts";

/** Gives the minutes at which an event was tried, in tenths, while attempts end like this. */
async function attemptsOf(...endings: Ending[]) {
  const account = openAccount({ seed: 1 });
  const minutes: number[] = [];
  const queue = eventQueue(account, async () => {
    minutes.push(Math.round(account.clock.now() / 6_000) / 10);
    return endings[minutes.length - 1] ?? "succeeded";
  });
  queue(async () => undefined);
  await account.clock.run();
  return { minutes, deadLetters: account.usage.deadLetters };
}

describe("benchmarks/simulation/events", () => {
  it("brings an event to its function once", async () => {
    expect(await attemptsOf()).to.deep.equal({ minutes: [0], deadLetters: 0 });
  });

  it("tries what failed again after one minute and after two, then gives it up", async () => {
    expect(await attemptsOf("failed", "succeeded")).to.deep.equal({ minutes: [0, 1], deadLetters: 0 });
    expect(await attemptsOf("failed", "failed", "failed")).to.deep.equal({ minutes: [0, 1, 3], deadLetters: 1 });
  });

  it("tries what was throttled again for as long as it takes, at ever longer distances", async () => {
    const { minutes, deadLetters } = await attemptsOf(...Array.from({ length: 7 }, (): Ending => "throttled"));
    expect(minutes).to.deep.equal([0, 0, 0.1, 0.1, 0.3, 0.5, 1.1, 2.1]);
    expect(deadLetters).to.equal(0);
  });
});
