import type { ColdStart } from "../../benchmarks/cold-start/bench.ts";
import { type Chapter, percent, table, thousands } from "../docs/markdown.ts";

/** How long functions take to start, next to the same functions in the public samples. */
export const coldStartChapter = (all: readonly ColdStart[]): Chapter => {
  const textbook = new Map(all.filter(({ by }) => by === "textbook").map((one) => [one.entry, one]));
  const rows = all.map((one) => (one.by === "chat" ? rowOf(one, textbook.get(one.entry)) : [...cellsOf(one), "", ""]));
  return { tables: { cold: table(HEADS, rows) }, figures: all };
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

const rowOf = (own: ColdStart, textbook: ColdStart | undefined): string[] => {
  const share = (time: "loadMilliseconds" | "loadCpuMilliseconds") =>
    textbook ? percent(own[time] / textbook[time]) : "";
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
