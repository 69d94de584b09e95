import type { ColdStart } from "../../benchmarks/cold-start/bench.ts";
import type { Chapter } from "../docs/chapter.ts";
import { table } from "../docs/table.ts";
import { percent, thousands } from "../docs/numbers.ts";

/** How functions start. */
export const coldChapter = (all: readonly ColdStart[]): Chapter => {
  const theirs = new Map(all.filter(({ by }) => by === "textbook").map((one) => [one.entry, one]));
  const rows = all.map((one) => (one.by === "chat" ? rowOf(one, theirs.get(one.entry)) : [...cellsOf(one), "", ""]));
  return { sections: { cold: `\n${table(HEADS, rows)}\n` }, plots: {}, figures: all };
};

const HEADS = [
  "function",
  "",
  "bytes",
  "load",
  "CPU to load",
  "first call",
  "load, of the textbook's",
  "CPU to load, of the textbook's",
];

const rowOf = (own: ColdStart, theirs: ColdStart | undefined): string[] => {
  const share = (time: "loadMilliseconds" | "loadCpuMilliseconds") => (theirs ? percent(own[time] / theirs[time]) : "");
  return [...cellsOf(own), share("loadMilliseconds"), share("loadCpuMilliseconds")];
};

const cellsOf = ({
  entry,
  by,
  bytes,
  loadMilliseconds,
  loadCpuMilliseconds,
  callMilliseconds,
}: ColdStart): string[] => [
  `\`${entry}\``,
  by,
  thousands(bytes),
  ...[loadMilliseconds, loadCpuMilliseconds, callMilliseconds].map((time) => `${time.toFixed(time < 10 ? 1 : 0)} ms`),
];
