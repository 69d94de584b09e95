import { expect } from "chai";
import { type FaultKind, retrying } from "../../../aws/table/retries.ts";

interface Fault {
  readonly kind: FaultKind;
  readonly retryAfter?: number;
}

/** Actions that fail with these faults in order, and then succeed. Records the pauses between the attempts. */
function actions({ random = 0.5 } = {}) {
  const pauses: number[] = [];
  const withRetries = retrying({
    kindOf: (fault) => (fault as Fault).kind,
    retryAfterOf: (fault) => (fault as Fault).retryAfter,
    pause: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      pauses.push(milliseconds);
    },
    random: () => random,
  });
  const run = (faults: readonly Fault[], signal?: AbortSignal) =>
    withRetries(async (attempt) => {
      const fault = faults[attempt - 1];
      if (fault) throw fault;
      return attempt;
    }, signal).catch(() => "failed");
  return { pauses, run };
}

const transient: Fault = { kind: "transient" };
const throttling: Fault = { kind: "throttling" };

describe("aws/table/retries", () => {
  it("repeat an action after a temporary fault, with at most four attempts", async () => {
    const { run } = actions();
    expect(await run([])).to.equal(1);
    expect(await run([transient, throttling, transient])).to.equal(4);
    expect(await run(Array(4).fill(transient))).to.equal("failed");
  });

  it("do not repeat an action after another fault", async () => {
    const { run, pauses } = actions();
    expect(await run([{ kind: "final" }])).to.equal("failed");
    expect(pauses).to.deep.equal([]);
  });

  it("wait for a random part of a time that doubles: of 25 ms, and of 1 s if the request was throttled", async () => {
    const half = actions();
    await half.run([transient, transient, transient]);
    await half.run([throttling, throttling, throttling]);
    expect(half.pauses).to.deep.equal([12.5, 25, 50, 500, 1_000, 2_000]);
    const least = actions({ random: 0 });
    await least.run([transient, throttling]);
    expect(least.pauses).to.deep.equal([0, 0]);
  });

  it("wait as long as the service asks, within five seconds", async () => {
    const { run, pauses } = actions();
    await run([{ ...transient, retryAfter: 3_000 }]);
    await run([{ ...transient, retryAfter: 60_000 }]);
    await run([{ ...transient, retryAfter: 1 }]);
    expect(pauses).to.deep.equal([3_000, 5_012.5, 12.5]);
  });

  it("stop for all actions while most of them fail, and start again after successes", async () => {
    const { run, pauses } = actions();
    for (let action = 0; action < 20; action += 1) await run(Array(4).fill(transient));
    expect(pauses, "500 / 14").to.have.length(35);
    for (let success = 0; success < 4; success += 1) await run([]);
    expect(await run([transient])).to.equal(2);
    expect(pauses).to.have.length(36);
    expect(await run([throttling]), "the retry that succeeded has returned its cost").to.equal(2);
  });

  it("end when the signal is aborted", async () => {
    const { run, pauses } = actions();
    expect(await run([transient], AbortSignal.abort())).to.equal("failed");
    expect(pauses).to.deep.equal([]);
  });
});
