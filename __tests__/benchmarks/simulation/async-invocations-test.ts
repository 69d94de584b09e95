import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { asyncInvocations, type InvocationOutcome } from "../../../benchmarks/simulation/lambda.ts";

/** Returns the minutes at which an event was tried, rounded to tenths, if the attempts have these outcomes. */
async function attemptsOf(...outcomes: InvocationOutcome[]) {
  const account = openAccount({ seed: 1 });
  const minutes: number[] = [];
  const queue = asyncInvocations(account, async () => {
    minutes.push(Math.round(account.clock.now() / 6_000) / 10);
    return outcomes[minutes.length - 1] ?? "succeeded";
  });
  queue(async () => undefined);
  await account.clock.run();
  return { minutes, deadLetters: account.usage.deadLetters };
}

describe("benchmarks/simulation/async-invocations", () => {
  it("invokes the function once for an event", async () => {
    expect(await attemptsOf()).to.deep.equal({ minutes: [0], deadLetters: 0 });
  });

  it("retries a failed event after one minute and after two more, then gives up", async () => {
    expect(await attemptsOf("failed", "succeeded")).to.deep.equal({ minutes: [0, 1], deadLetters: 0 });
    expect(await attemptsOf("failed", "failed", "failed")).to.deep.equal({ minutes: [0, 1, 3], deadLetters: 1 });
  });

  it("retries a throttled event until it succeeds, at increasing intervals", async () => {
    const { minutes, deadLetters } = await attemptsOf(
      ...Array.from({ length: 7 }, (): InvocationOutcome => "throttled"),
    );
    expect(minutes).to.deep.equal([0, 0, 0.1, 0.1, 0.3, 0.5, 1.1, 2.1]);
    expect(deadLetters).to.equal(0);
  });
});
