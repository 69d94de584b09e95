import type { Comparison } from "../../benchmarks/simulation/calibration/comparison.ts";
import { assumedCpu, type FunctionCpu } from "../../benchmarks/simulation/calibration/cpu.ts";
import { type Chapter, table } from "../docs/markdown.ts";

/** The difference beyond which the simulation counts as wrong. */
const DIFFERENCE_MAX = 0.2;

const HEADS = [
  "members",
  "a push",
  "a push among 32",
  "a request",
  "a member read",
  "emulator",
  "simulated",
  "difference",
];

/** The comparison with the emulator, and the measured CPU time next to the one that is assumed. */
export const calibrationChapter = (comparisons: readonly Comparison[], measured: FunctionCpu): Chapter => ({
  tables: { comparison: table(HEADS, comparisons.map(rowOf)), cpu: cpuTable(measured) },
  figures: { comparisons, cpu: { measured, assumed: assumedCpu() } },
});

const CPU_ROWS = {
  invocation: "an invocation without requests (`$default`)",
  messageToOne: "a message to one recipient: an invocation, three requests, a push",
  recipient: "each further recipient: a member read, a push",
} satisfies Record<keyof FunctionCpu, string>;

function cpuTable(measured: FunctionCpu): string {
  const assumed = assumedCpu();
  const figures = Object.keys(CPU_ROWS) as (keyof FunctionCpu)[];
  const rows = figures.map((name) => [
    CPU_ROWS[name],
    ...[measured, assumed].map((cpu) => `${cpu[name].toFixed(3)} ms`),
  ]);
  return table(["CPU time", "measured", "assumed"], rows);
}

/** Throws if the simulation differs too much from the emulator. */
export function refuseLargeDifferences(all: readonly Comparison[]): void {
  const wrong = all.filter((comparison) => Math.abs(differenceOf(comparison)) > DIFFERENCE_MAX);
  if (wrong.length === 0) return;
  const members = wrong.map((comparison) => comparison.members).join(", ");
  throw new Error(
    `With ${members} members, the simulation differs from the emulator by more than ${DIFFERENCE_MAX * 100} %. Repeat the comparison on an idle machine.`,
  );
}

const rowOf = (comparison: Comparison): string[] => {
  const { members, steps, measured, simulated } = comparison;
  const { push, pushAtOnce, request, member } = steps;
  const percent = Math.round(differenceOf(comparison) * 100);
  return [
    members.toLocaleString("en"),
    ...[push.median, pushAtOnce, request.median, member].map((milliseconds) => `${milliseconds.toFixed(3)} ms`),
    `${measured.toFixed(0)} ms`,
    `${simulated.toFixed(0)} ms`,
    `${percent > 0 ? "+" : ""}${percent} %`,
  ];
};

const differenceOf = ({ simulated, measured }: Comparison): number => simulated / measured - 1;
