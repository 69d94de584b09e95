import { expect } from "chai";
import type { Comparison } from "../../../benchmarks/simulation/calibration/comparison.ts";
import { assumedCpu } from "../../../benchmarks/simulation/calibration/cpu.ts";
import { calibrationChapter, refuseLargeDifferences } from "../../../scripts/simulate/comparison.ts";

const latency = (median: number) => ({ median, p99: 2 * median });
const comparison = (own: Partial<Comparison> = {}): Comparison => ({
  members: 1_000,
  steps: { route: latency(2), push: latency(0.15), pushAtOnce: 0.06, request: latency(2.3), member: 0.011 },
  measured: 100,
  simulated: 110,
  ...own,
});

describe("scripts/simulate/comparison", () => {
  const { tables } = calibrationChapter([comparison()], { invocation: 0.2, messageToOne: 1.5, recipient: 0.0531 });

  it("shows the measured steps, and the difference between the emulator and the simulation", () => {
    expect(tables.comparison).to.contain(
      "| 1,000 | 0.150 ms | 0.060 ms | 2.300 ms | 0.011 ms | 100 ms | 110 ms | +10 % |",
    );
  });

  it("shows the measured CPU time next to the assumed one", () => {
    expect(tables.cpu).to.match(
      /\| 0\.200 ms \| [\d.]+ ms \|\n.*\| 1\.500 ms \| [\d.]+ ms \|\n.*\| 0\.053 ms \| [\d.]+ ms \|/,
    );
  });

  it("adds up what is assumed for a message to one recipient", () => {
    const assumed = assumedCpu({ invocation: 1, request: 0.4, push: 0.08, member: 0.005, handOver: 0.2 });
    expect(assumed.messageToOne).to.be.closeTo(1 + 3 * 0.4 + 0.085, 1e-9);
    expect(assumed.recipient).to.be.closeTo(0.085, 1e-9);
  });

  it("refuses a simulation that differs by more than 20 %", () => {
    expect(() => refuseLargeDifferences([comparison({ simulated: 119 })])).not.to.throw();
    expect(() => refuseLargeDifferences([comparison(), comparison({ members: 500, simulated: 79 })])).to.throw(
      "With 500 members, the simulation differs from the emulator by more than 20 %.",
    );
  });
});
