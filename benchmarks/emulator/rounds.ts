import { endChild, firstMessage, type Server, startChild } from "../harness/child-process.ts";
import { median } from "../harness/measurement.ts";

/** The results of one round on a server. */
export interface Figures {
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

export type Results = ReadonlyMap<Server, Figures>;

const LOAD_SECONDS_MAX = 180;

/**
 * Measures one server after the other, for several rounds, so that other load on this machine affects all of them equally. Returns
 * the medians.
 */
export async function playRounds(servers: readonly Server[], rounds: number): Promise<Results> {
  const all = new Map(servers.map((server) => [server, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [server, figures] of all) figures.push(await load(server));
  }
  return new Map([...all].map(([server, figures]) => [server, medians(figures)]));
}

async function load(server: Server): Promise<Figures> {
  const { url, stop } = await server.start();
  const clients = startChild(new URL("./load-process.ts", import.meta.url), [url]);
  try {
    return await firstMessage<Figures>(clients, LOAD_SECONDS_MAX);
  } finally {
    await endChild(clients);
    await stop();
  }
}

function medians(all: readonly Figures[]): Figures {
  const of = (name: keyof Figures): number => median(all.map((figures) => figures[name]));
  return {
    connectionsPerSecond: of("connectionsPerSecond"),
    messagesPerSecondInTurn: of("messagesPerSecondInTurn"),
    messagesPerSecondAtOnce: of("messagesPerSecondAtOnce"),
    echoMillisecondsP50: of("echoMillisecondsP50"),
    echoMillisecondsP99: of("echoMillisecondsP99"),
    broadcastMilliseconds: of("broadcastMilliseconds"),
  };
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
