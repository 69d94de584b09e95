import type { Figures, Results } from "./rounds.ts";

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

/** Returns an aligned Markdown table. A ratio tells how many times better the first server is than another one. */
export function reportOf(results: Results): string {
  const [[first, own] = [], ...others] = results;
  if (!first || !own) return "";
  const header = ["", first.name, ...others.flatMap(([{ name }]) => [name, "ratio"])];
  const rows = ROWS.map((row) => [
    row.title,
    own[row.name].toFixed(row.digits),
    ...others.flatMap(([, theirs]) => [theirs[row.name].toFixed(row.digits), `${ratio(row, own, theirs)}×`]),
  ]);
  return aligned([header, header.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]);
}

const ratio = ({ name, isBetter }: Row, own: Figures, theirs: Figures): string =>
  (isBetter === "more" ? own[name] / theirs[name] : theirs[name] / own[name]).toFixed(2);

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => `| ${line(row).join(" | ")} |`).join("\n");
}
