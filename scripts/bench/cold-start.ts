import type { ColdStart } from "../../benchmarks/cold-start/bench.ts";
import { type Chapter, table, thousands } from "../docs/markdown.ts";

/** How long functions take to start, next to the same functions in the public samples. */
export const coldStartChapter = (all: readonly ColdStart[]): Chapter => {
  const textbook = new Map(all.filter(({ by }) => by === "textbook").map((one) => [one.entry, one]));
  const rows = all.map((one) => rowOf(one, textbook.get(one.entry)));
  return { tables: { cold: table(HEADS, rows) }, figures: all };
};

const HEADS = [
  "function",
  "",
  "bytes",
  "cold start",
  "of the textbook's",
  "load",
  "first call",
  "CPU to load",
  "CPU of the first call",
];

const rowOf = (own: ColdStart, textbook: ColdStart | undefined): string[] => [
  `\`${own.entry}\``,
  own.by,
  thousands(own.bytes),
  milliseconds(own.totalMilliseconds),
  textbook && own.by === "chat" ? `${(own.totalMilliseconds / textbook.totalMilliseconds).toFixed(2)}×` : "",
  ...[own.loadMilliseconds, own.callMilliseconds, own.loadCpuMilliseconds, own.callCpuMilliseconds].map(milliseconds),
];

const milliseconds = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
