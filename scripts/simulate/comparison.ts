import { ASSUMPTIONS } from "../../benchmarks/simulation/assumptions.ts";
import type { Calibration, Comparison } from "../../benchmarks/simulation/calibration/comparison.ts";
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
export const calibrationChapter = ({ comparisons, cpu }: Calibration): Chapter => ({
  tables: { comparison: table(HEADS, comparisons.map(rowOf)), cpu: cpuTable(cpu) },
  figures: { comparisons, cpu },
});

const cpuTable = ({ invocation, request, push, member }: Calibration["cpu"]): string => {
  const { cpu: assumed } = ASSUMPTIONS;
  const row = (name: string, milliseconds: number, assumedMilliseconds: number): string[] => [
    name,
    `${milliseconds.toFixed(3)} ms`,
    `${assumedMilliseconds} ms`,
  ];
  return table(
    ["CPU time", "measured", "assumed"],
    [
      row("an invocation, without the following", invocation, assumed.invocation),
      row("a request to the table", request, assumed.request),
      row("a push", push, assumed.push),
      row("a member read", member, assumed.member),
    ],
  );
};

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
