import type { Comparison } from "../../benchmarks/simulation/calibration/comparison.ts";
import { table } from "../docs/markdown.ts";

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

export const comparisonTable = (all: readonly Comparison[]): string => table(HEADS, all.map(rowOf));

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
