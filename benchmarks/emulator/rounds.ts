import { endChild, firstMessage, type Server, startChild } from "../harness/child-process.ts";
import { median } from "../harness/measurement.ts";
import { measureTool, type Tool, type ToolFigures } from "./tool.ts";

/** A server, and the tool that it belongs to. */
export interface MeasuredServer extends Server {
  readonly tool?: Tool;
}

/** The results of one round on a server. The figures of a tool are absent for a server that is not a tool. */
export interface Figures extends Partial<ToolFigures> {
  readonly connectionsPerSecond: number;
  /** With many sockets. Each sends its next message when the previous one has been echoed. */
  readonly messagesPerSecondInTurn: number;
  /** With many sockets that send all their messages at once. */
  readonly messagesPerSecondAtOnce: number;
  /** With one socket that sends one message at a time. */
  readonly echoMillisecondsP50: number;
  readonly echoMillisecondsP99: number;
  /** From sending the message to the last of its deliveries. */
  readonly broadcastMilliseconds: number;
}

export type Results = ReadonlyMap<MeasuredServer, Figures>;

const LOAD_SECONDS_MAX = 180;

/**
 * Measures one server after the other, for several rounds, so that other load on this machine affects all of them equally. Returns
 * the medians.
 */
export async function playRounds(servers: readonly MeasuredServer[], rounds: number): Promise<Results> {
  const all = new Map(servers.map((server) => [server, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [server, figures] of all) figures.push(await measure(server));
  }
  return new Map([...all].map(([server, figures]) => [server, medians(figures)]));
}

async function load(server: MeasuredServer): Promise<Figures> {
  const { url, stop } = await server.start();
  const clients = startChild(new URL("./load-process.ts", import.meta.url), [url]);
  try {
    return await firstMessage<Figures>(clients, LOAD_SECONDS_MAX);
  } finally {
    await endChild(clients);
    await stop();
  }
}

async function measure(server: MeasuredServer): Promise<Figures> {
  return { ...(await load(server)), ...(server.tool && (await measureTool(server.tool))) };
}

function medians(all: readonly Figures[]): Figures {
  const entries = ROWS.map(({ name }) => [name, median(all.map((figures) => figures[name] ?? Number.NaN))] as const);
  return Object.fromEntries(entries.filter(([, value]) => !Number.isNaN(value))) as unknown as Figures;
}

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
  { title: "command to first answer, ms", name: "startMilliseconds", isBetter: "less", digits: 0 },
  { title: "saved code to first answer, ms", name: "reloadMilliseconds", isBetter: "less", digits: 0 },
  { title: "memory when idle, MB", name: "idleMegabytes", isBetter: "less", digits: 0 },
  { title: "memory with 1,000 sockets, MB", name: "connectedMegabytes", isBetter: "less", digits: 0 },
];

/** Returns an aligned Markdown table. A ratio tells how many times better the first server is than another one. */
export function reportOf(results: Results): string {
  const [[first, own] = [], ...others] = results;
  if (!first || !own) return "";
  const header = ["", first.name, ...others.flatMap(([{ name }]) => [name, "ratio"])];
  const rows = ROWS.map((row) => [
    row.title,
    cellOf(row, own),
    ...others.flatMap(([, theirs]) => [cellOf(row, theirs), ratio(row, own, theirs)]),
  ]);
  return aligned([header, header.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]);
}

const cellOf = ({ name, digits }: Row, figures: Figures): string => figures[name]?.toFixed(digits) ?? "";

function ratio({ name, isBetter }: Row, own: Figures, theirs: Figures): string {
  const [left, right] = [own[name], theirs[name]];
  if (left === undefined || right === undefined) return "";
  return `${(isBetter === "more" ? left / right : right / left).toFixed(2)}×`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => `| ${line(row).join(" | ")} |`).join("\n");
}
