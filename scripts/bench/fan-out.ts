import type { FanOutResults } from "../../benchmarks/fan-out/bench.ts";
import type { Memory } from "../../benchmarks/fan-out/memory.ts";
import type { Figures } from "../../benchmarks/fan-out/rounds.ts";
import type { Chapter } from "../docs/chapter.ts";
import { type Plot, svgOf } from "../docs/plot.ts";
import { table } from "../docs/table.ts";
import { thousands } from "../docs/numbers.ts";

/** Messages to audiences of every size. */
export const fanOutChapter = ({ figures, memory }: FanOutResults): Chapter => ({
  sections: {
    fanout: `\n${table(
      HEADS,
      figures.map((one) => rowOf(one, figures)),
    )}\n`,
    memory: `\n${table(MEMORY_HEADS, memory.map(memoryRowOf))}\n`,
  },
  plots: {
    "fan-out-cpu.svg": svgOf(cpuPlotOf(figures)),
    "fan-out-last.svg": svgOf(lastPlotOf(figures)),
  },
  figures: { figures, memory },
});

const HEADS = [
  "audience",
  "",
  "CPU per recipient",
  "of the textbook's",
  "of the floor's",
  "recipients/s",
  "p50",
  "p99",
  "last",
  "read units",
  "write units",
  "died",
];

function rowOf(one: Figures, all: readonly Figures[]): string[] {
  const { size, subject, cpuMicrosecondsPerRecipient: cpu, recipientsPerSecond, reads, writes, deaths } = one;
  const share = (name: Figures["subject"]): string =>
    `${(cpu / (all.find((other) => other.size === size && other.subject === name)?.cpuMicrosecondsPerRecipient ?? 0)).toFixed(2)}×`;
  return [
    thousands(size),
    subject,
    `${cpu.toFixed(0)} µs`,
    share("textbook"),
    share("floor"),
    thousands(recipientsPerSecond),
    ...[one.p50, one.p99, one.last].map(milliseconds),
    ...[reads, writes].map(String),
    deaths.length === 0 ? "" : `${deaths.length} times: ${firstLine(deaths[0])}`,
  ];
}

const MEMORY_HEADS = ["audience", "", "heap at most", "resident at most", "died"];

const memoryRowOf = ({ size, subject, heapBytes, residentBytes, death }: Memory): string[] => [
  thousands(size),
  subject,
  megabytes(heapBytes),
  megabytes(residentBytes),
  firstLine(death),
];

const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const firstLine = (text = ""): string => text.split("\n")[0] ?? "";

type Draw = (figure: Figures) => number;

const cpuPlotOf = (figures: readonly Figures[]): Plot => ({
  title: "CPU for each who is told",
  x: audienceAxis(figures),
  y: { label: "microseconds", isLogarithmic: true, ticks: [10, 100, 1_000] },
  series: seriesOf(figures, ({ cpuMicrosecondsPerRecipient }) => cpuMicrosecondsPerRecipient),
});

const lastPlotOf = (figures: readonly Figures[]): Plot => ({
  title: "When the last one hears a message, on one core and without a network",
  x: audienceAxis(figures),
  y: { label: "milliseconds", isLogarithmic: true, ticks: [1, 10, 100, 1_000, 10_000] },
  series: seriesOf(figures, ({ last }) => last),
});

const audienceAxis = (figures: readonly Figures[]): Plot["x"] => ({
  label: "audience",
  isLogarithmic: true,
  ticks: [...new Set(figures.map(({ size }) => size))],
});

const seriesOf = (figures: readonly Figures[], draw: Draw): Plot["series"] =>
  (["chat", "textbook", "floor"] as const).map((name) => ({
    name,
    isDashed: name === "floor",
    points: figures
      .filter((one) => one.subject === name && Number.isFinite(draw(one)))
      .map((one) => [one.size, draw(one)] as const),
  }));
