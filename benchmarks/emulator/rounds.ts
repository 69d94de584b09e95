import { type Figures, median } from "../harness/measurement.ts";
import { endChild, firstMessage, startChild } from "../harness/child-process.ts";
import type { Server } from "../harness/server-process.ts";

const LOAD_SECONDS_MAX = 180;

export type Results = ReadonlyMap<Server, Figures>;

/** Measures the servers in turn, round after round: what else the machine does meets all alike. Gives the medians. */
export async function playRounds(servers: readonly Server[], rounds: number): Promise<Results> {
  const all = new Map(servers.map((server) => [server, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [server, figures] of all) figures.push(await load(server));
  }
  return new Map([...all].map(([server, figures]) => [server, medians(figures)]));
}

async function load(server: Server): Promise<Figures> {
  const { url, stop } = await server.start();
  const client = startChild(new URL("./load/client.ts", import.meta.url), [url]);
  try {
    return await firstMessage<Figures>(client, LOAD_SECONDS_MAX);
  } finally {
    await endChild(client);
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
