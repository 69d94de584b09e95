import { endChild, firstMessage, startChild } from "../harness/child-process.ts";
import { median } from "../harness/measurement.ts";
import type { Server } from "../harness/server-process.ts";

/** What is measured of a server. */
export interface Figures {
  readonly connectionsPerSecond: number;
  /** Of many sockets, each of which sends a message when the previous one has come back. */
  readonly messagesPerSecondInTurn: number;
  /** Of many sockets that send all their messages at once. */
  readonly messagesPerSecondAtOnce: number;
  /** Of one socket that sends one message at a time. */
  readonly echoMillisecondsP50: number;
  readonly echoMillisecondsP99: number;
  /** From sending the message to the last of its deliveries. */
  readonly broadcastMilliseconds: number;
}

export type Results = ReadonlyMap<Server, Figures>;

const LOAD_SECONDS_MAX = 180;

/**
 * Measures the servers in turn, round after round, so that other load on this machine affects all of them equally. Returns
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
