import { expect } from "chai";
import type { Comparison } from "../../../benchmarks/simulation/calibration/comparison.ts";
import { calibrationChapter, refuseLargeDifferences } from "../../../scripts/simulate/comparison.ts";

const latency = (median: number) => ({ median, p99: 2 * median });
const cpu = { push: 0.05, request: 0.3, member: 0.0031 };
const comparison = (own: Partial<Comparison> = {}): Comparison => ({
  members: 1_000,
  steps: { route: latency(2), push: latency(0.15), pushAtOnce: 0.06, request: latency(2.3), member: 0.011, cpu },
  measured: 100,
  simulated: 110,
  ...own,
});

describe("scripts/simulate/comparison", () => {
  const { tables } = calibrationChapter({ comparisons: [comparison()], cpu: { ...cpu, invocation: 0.5 } });

  it("shows the measured steps, and the difference between the emulator and the simulation", () => {
    expect(tables.comparison).to.contain(
      "| 1,000 | 0.150 ms | 0.060 ms | 2.300 ms | 0.011 ms | 100 ms | 110 ms | +10 % |",
    );
  });

  it("shows the measured CPU time next to the assumed one", () => {
    expect(tables.cpu).to.match(/\| a request to the table \| 0\.300 ms \| [\d.]+ ms \|/);
    expect(tables.cpu).to.match(/\| a member read \| 0\.003 ms \| [\d.]+ ms \|/);
  });

  it("refuses a simulation that differs by more than 20 %", () => {
    expect(() => refuseLargeDifferences([comparison({ simulated: 119 })])).not.to.throw();
    expect(() => refuseLargeDifferences([comparison(), comparison({ members: 500, simulated: 79 })])).to.throw(
      "With 500 members, the simulation differs from the emulator by more than 20 %.",
    );
  });
});
