import type { Figures } from "../harness/measurement.ts";
import type { Results } from "./rounds.ts";

interface Row {
  readonly title: string;
  readonly name: keyof Figures;
  readonly isBetter: "more" | "less";
  readonly digits: number;
}

const ROWS: readonly Row[] = [
  { title: "connections/s", name: "connectionsPerSecond", isBetter: "more", digits: 0 },
  { title: "echo messages/s, 100 sockets in turn", name: "messagesPerSecondInTurn", isBetter: "more", digits: 0 },
  { title: "echo messages/s, 10,000 at once", name: "messagesPerSecondAtOnce", isBetter: "more", digits: 0 },
  { title: "echo p50, ms", name: "echoMillisecondsP50", isBetter: "less", digits: 2 },
  { title: "echo p99, ms", name: "echoMillisecondsP99", isBetter: "less", digits: 2 },
  { title: "broadcast to 1,000, ms", name: "broadcastMilliseconds", isBetter: "less", digits: 0 },
];

/** A table in Markdown. Ratios say how many times better the first server is than each of the others. */
export function tableOf(results: Results): string {
  const [[first, ours] = [], ...others] = results;
  if (!first || !ours) return "";
  const header = ["", first.name, ...others.flatMap(([{ name }]) => [name, "ratio"])];
  const rows = ROWS.map((row) => [
    row.title,
    ours[row.name].toFixed(row.digits),
    ...others.flatMap(([, theirs]) => [theirs[row.name].toFixed(row.digits), `${ratio(row, ours, theirs)}×`]),
  ]);
  return aligned([header, header.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]);
}

const ratio = ({ name, isBetter }: Row, ours: Figures, theirs: Figures): string =>
  (isBetter === "more" ? ours[name] / theirs[name] : theirs[name] / ours[name]).toFixed(2);

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => `| ${line(row).join(" | ")} |`).join("\n");
}
