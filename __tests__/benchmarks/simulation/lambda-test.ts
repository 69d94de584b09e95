import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { asyncInvocations, type InvocationOutcome, lambda, type Work } from "../../../benchmarks/simulation/lambda.ts";
import type { Quotas } from "../../../benchmarks/simulation/quotas.ts";

const COLD = 350;
const exactly = (milliseconds: number) => ({ median: milliseconds, p99: milliseconds });

function accountWith(quotas: Partial<Quotas> = {}) {
  const account = openAccount({ seed: 1, quotas });
  const { latencies, cpu } = account.assumptions;
  const assumptions = {
    ...account.assumptions,
    latencies: { ...latencies, coldStart: exactly(COLD) },
    cpu: { ...cpu, invocation: 0 },
  };
  return { ...account, assumptions };
}

describe("benchmarks/simulation/lambda", () => {
  it("starts an environment for the first event and reuses it for the next", async () => {
    const account = accountWith();
    const invoke = lambda(account)(10);
    const startedAt: number[] = [];
    const work: Work = async () => void startedAt.push(account.clock.now());
    void invoke(work).then(() => invoke(work));
    await account.clock.run();
    expect(startedAt).to.deep.equal([COLD, COLD]);
    expect(account.usage).to.include({ invocations: 2, environments: 1 });
  });

  it("runs concurrent events up to the account's concurrency", async () => {
    const account = accountWith({ concurrency: 3 });
    const functionWith = lambda(account);
    const [one, other] = [functionWith(10), functionWith(10)];
    const outcomes: InvocationOutcome[] = [];
    for (const invoke of [one, one, other, other])
      void invoke(async () => account.clock.pause(5)).then((outcome) => outcomes.push(outcome));
    await account.clock.run();
    expect(outcomes).to.have.members(["throttled", "succeeded", "succeeded", "succeeded"]);
    expect(account.usage).to.include({ environments: 3, invocationsRefused: 1 });
  });

  it("starts 1,000 environments of a function at once, and 100 more each second", async () => {
    const account = accountWith({ concurrency: 10_000 });
    const invoke = lambda(account)(60);
    const burst = (count: number) => {
      for (let index = 0; index < count; index += 1) void invoke(() => account.clock.pause(30_000));
    };
    burst(1_200);
    account.clock.after(1_000, () => burst(200));
    await account.clock.run();
    expect(account.usage).to.include({ environments: 1_100, invocationsRefused: 300 });
  });

  it("gives a function with 256 MB a seventh of a core, for one task after the other", async () => {
    const account = accountWith();
    const delays: number[] = [];
    void lambda(account)(10)(async ({ work }) => delays.push(work(1), work(1)));
    await account.clock.run();
    expect(delays[0]).to.be.closeTo(1_769 / 256, 0.01);
    expect(delays[1]).to.be.closeTo((2 * 1_769) / 256, 0.01);
  });

  it("ends a function at its timeout and bills it until then", async () => {
    const account = accountWith();
    let outcome: InvocationOutcome | undefined;
    let wasEnded = false;
    void lambda(account)(10)(async ({ isEnded }) => {
      await account.clock.pause(11_000);
      wasEnded = isEnded();
    }).then((end) => {
      outcome = end;
    });
    await account.clock.run();
    expect([outcome, wasEnded]).to.deep.equal(["failed", true]);
    expect(account.usage.gigabyteSeconds).to.be.closeTo((10 + COLD / 1000) / 4, 0.001);
  });

  it("fails if the function fails", async () => {
    const account = accountWith();
    let outcome: InvocationOutcome | undefined;
    void lambda(account)(10)(() => Promise.reject(new Error("broken"))).then((end) => {
      outcome = end;
    });
    await account.clock.run();
    expect(outcome).to.equal("failed");
  });
});

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
