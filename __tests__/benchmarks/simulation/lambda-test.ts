import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { type Ending, lambda, type Work } from "../../../benchmarks/simulation/lambda.ts";
import type { Quotas } from "../../../benchmarks/simulation/quotas.ts";

const COLD = 350;
const exactly = (milliseconds: number) => ({ median: milliseconds, p99: milliseconds });

function anAccount(quotas: Partial<Quotas> = {}) {
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
  it("starts an environment for the first event, and has it wait for the next", async () => {
    const account = anAccount();
    const invoke = lambda(account)(10);
    const begun: number[] = [];
    const work: Work = async () => void begun.push(account.clock.now());
    void invoke(work).then(() => invoke(work));
    await account.clock.run();
    expect(begun).to.deep.equal([COLD, COLD]);
    expect(account.usage).to.include({ invocations: 2, environments: 1 });
  });

  it("has an environment for each event at once, up to the account's concurrency", async () => {
    const account = anAccount({ concurrency: 3 });
    const functionOf = lambda(account);
    const [one, other] = [functionOf(10), functionOf(10)];
    const endings: Ending[] = [];
    for (const invoke of [one, one, other, other])
      void invoke(async () => account.clock.pause(5)).then((ending) => endings.push(ending));
    await account.clock.run();
    expect(endings).to.have.members(["throttled", "succeeded", "succeeded", "succeeded"]);
    expect(account.usage).to.include({ environments: 3, invocationsRefused: 1 });
  });

  it("starts a thousand environments of a function at once, and a hundred more each second", async () => {
    const account = anAccount({ concurrency: 10_000 });
    const invoke = lambda(account)(60);
    const burst = (count: number) => {
      for (let turn = 0; turn < count; turn += 1) void invoke(() => account.clock.pause(30_000));
    };
    burst(1_200);
    account.clock.after(1_000, () => burst(200));
    await account.clock.run();
    expect(account.usage).to.include({ environments: 1_100, invocationsRefused: 300 });
  });

  it("gives 256 MB a seventh of a core, one thing after the other", async () => {
    const account = anAccount();
    const delays: number[] = [];
    void lambda(account)(10)(async ({ work }) => delays.push(work(1), work(1)));
    await account.clock.run();
    expect(delays[0]).to.be.closeTo(1_769 / 256, 0.01);
    expect(delays[1]).to.be.closeTo((2 * 1_769) / 256, 0.01);
  });

  it("ends what takes too long, and bills it until then", async () => {
    const account = anAccount();
    let ending: Ending | undefined;
    let wasEnded = false;
    void lambda(account)(10)(async ({ isEnded }) => {
      await account.clock.pause(11_000);
      wasEnded = isEnded();
    }).then((end) => {
      ending = end;
    });
    await account.clock.run();
    expect([ending, wasEnded]).to.deep.equal(["failed", true]);
    expect(account.usage.gigabyteSeconds).to.be.closeTo((10 + COLD / 1000) / 4, 0.001);
  });

  it("fails where its work does", async () => {
    const account = anAccount();
    let ending: Ending | undefined;
    void lambda(account)(10)(() => Promise.reject(new Error("broken"))).then((end) => {
      ending = end;
    });
    await account.clock.run();
    expect(ending).to.equal("failed");
  });
});
