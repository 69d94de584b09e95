import type { FanOutResults } from "../../benchmarks/fan-out/bench.ts";
import type { Memory } from "../../benchmarks/fan-out/memory.ts";
import type { Figures } from "../../benchmarks/fan-out/rounds.ts";
import type { SocketsResult } from "../../benchmarks/fan-out/sockets.ts";
import type { WarmLatency } from "../../benchmarks/fan-out/warm-latency.ts";
import { lineChart } from "../docs/line-chart.ts";
import { type Chapter, seconds, table, thousands } from "../docs/markdown.ts";

/** One message to audiences of every size. */
export const fanOutChapter = ({ figures, memory, warm }: FanOutResults): Chapter => ({
  tables: {
    fanout: table(
      HEADS,
      figures.map((one) => rowOf(one, figures)),
    ),
    memory: table(MEMORY_HEADS, memory.map(memoryRowOf)),
    warm: table(WARM_HEADS, warm.map(warmRowOf)),
  },
  charts: { cpu_chart: cpuChartOf(figures), last_chart: lastChartOf(figures) },
  figures: { figures, memory, warm },
});

const HEADS = [
  "audience",
  "",
  "CPU per message",
  "CPU per recipient",
  "of the textbook's",
  "of the floor's",
  "recipients/s",
  "p50",
  "p99",
  "last",
  "read units",
  "write units",
  "table requests before the first push",
  "died",
];

function rowOf(one: Figures, all: readonly Figures[]): string[] {
  const { size, subject, cpuMicrosecondsPerRecipient: cpu, recipientsPerSecond, reads, writes, deaths } = one;
  const share = (name: Figures["subject"]): string =>
    `${(cpu / (all.find((other) => other.size === size && other.subject === name)?.cpuMicrosecondsPerRecipient ?? 0)).toFixed(2)}×`;
  return [
    thousands(size),
    subject,
    milliseconds((cpu * size) / 1_000),
    `${cpu.toFixed(0)} µs`,
    share("textbook"),
    share("floor"),
    thousands(recipientsPerSecond),
    ...[one.p50, one.p99, one.last].map(milliseconds),
    ...[reads, writes].map(String),
    requestsOf(one),
    deaths.length === 0 ? "" : `${deaths.length} times: ${firstLine(deaths[0])}`,
  ];
}

const requestsOf = ({ requestsBefore, requestsInARow }: Figures): string =>
  requestsBefore > 1 ? `${requestsBefore}, ${requestsInARow} in a row` : String(requestsBefore);

const MEMORY_HEADS = ["audience", "", "heap at most", "resident at most", "died"];

const memoryRowOf = ({ size, subject, heapBytes, residentBytes, death }: Memory): string[] => [
  thousands(size),
  subject,
  megabytes(heapBytes),
  megabytes(residentBytes),
  firstLine(death),
];

const WARM_HEADS = ["messages before", "audience", "", "first push", "last push", "CPU per message"];

const warmRowOf = ({ warmUpMessages, size, subject, first, last, cpuMilliseconds }: WarmLatency): string[] => [
  thousands(warmUpMessages),
  thousands(size),
  subject,
  ...[first, last, cpuMilliseconds].map(milliseconds),
];

const milliseconds = (value: number): string => `${value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0)} ms`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const firstLine = (text = ""): string => text.split("\n")[0] ?? "";

const cpuChartOf = (figures: readonly Figures[]): string =>
  lineChart({
    title: "CPU per recipient",
    x: audiencesOf(figures),
    y: "microseconds",
    lines: linesOf(figures, ({ cpuMicrosecondsPerRecipient }) => cpuMicrosecondsPerRecipient),
  });

const lastChartOf = (figures: readonly Figures[]): string =>
  lineChart({
    title: "Time until the last recipient has the message",
    x: audiencesOf(figures),
    y: "milliseconds",
    lines: linesOf(figures, ({ last }) => last),
  });

const audiencesOf = (figures: readonly Figures[]) => ({
  title: "audience",
  labels: [...new Set(figures.map(({ size }) => size))].map(thousands),
});

const linesOf = (figures: readonly Figures[], figureOf: (figures: Figures) => number) =>
  (["chat", "textbook", "floor"] as const).map((name) => ({
    name,
    values: figures.filter(({ subject }) => subject === name).map(figureOf),
  }));

/** One message to real sockets. The benchmark fails if one of them does not receive it, so "served" is always "all". */
export const socketsChapter = (result: SocketsResult): Chapter => ({
  tables: {
    sockets: table(
      ["sockets", "served", "connections/s", "last delivery", "delivered again"],
      [
        [
          thousands(result.sockets),
          "all",
          thousands(result.connectionsPerSecond),
          seconds(result.last),
          thousands(result.again),
        ],
      ],
    ),
  },
  figures: result,
});
