import {
  type ReconnectStorm,
  type ReconnectStormOptions,
  reconnectAll,
} from "../../benchmarks/simulation/scenarios/reconnect-storm.ts";
import { lineChart } from "../docs/line-chart.ts";
import { type Chapter, seconds, table, thousands } from "../docs/markdown.ts";

/** The throttle of the environment `dev` in infra/environments.ts. */
const STAGE_OF_DEV = { stage: { perSecond: 100, burst: 50 } };

const RAISED = { handshakes: { perSecond: 5_000, burst: 5_000 }, requests: { perSecond: 100_000, burst: 50_000 } };

interface Case extends ReconnectStormOptions {
  readonly limit: string;
}

const CASES: readonly Case[] = [
  { clients: 1_000, secondsBetweenMessages: 10, quotas: STAGE_OF_DEV, limit: "stage 100/s" },
  { clients: 1_000, secondsBetweenMessages: 10, limit: "500/s" },
  { clients: 10_000, secondsBetweenMessages: 10, quotas: STAGE_OF_DEV, limit: "stage 100/s" },
  { clients: 10_000, secondsBetweenMessages: 10, limit: "500/s" },
  { clients: 10_000, secondsBetweenMessages: 60, limit: "500/s" },
  { clients: 100_000, secondsBetweenMessages: 60, limit: "500/s" },
  { clients: 100_000, secondsBetweenMessages: 60, quotas: RAISED, limit: "5,000/s" },
  { clients: 100_000, secondsBetweenMessages: 5, quotas: RAISED, limit: "5,000/s" },
];

/** All clients reconnect at once. */
export async function reconnectStormsChapter(): Promise<Chapter> {
  const storms: (Case & ReconnectStorm)[] = [];
  for (const one of CASES) storms.push({ ...one, ...(await reconnectAll(one)) });
  return {
    tables: { storms: table(HEADS, storms.map(rowOf)) },
    charts: { storms_chart: chartOf(storms) },
    figures: storms.map((storm) => ({ ...storm, backAfter: SHARES.map(storm.backAfter) })),
  };
}

const HEADS = [
  "clients",
  "handshakes",
  "a message each",
  "half back",
  "99 % back",
  "all back",
  "refused",
  "largest shard",
  "next message",
];

const rowOf = (storm: Case & ReconnectStorm): string[] => [
  thousands(storm.clients),
  storm.limit,
  `${storm.secondsBetweenMessages} s`,
  seconds(storm.backAfter(0.5) * 1000),
  seconds(storm.backAfter(0.99) * 1000),
  seconds(storm.backAfter(1) * 1000),
  thousands(storm.refused),
  thousands(storm.largestShard),
  seconds(storm.delivery),
];

const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1];

/** One line for each combination of clients and limit. */
const chartOf = (storms: readonly (Case & ReconnectStorm)[]): string =>
  lineChart({
    title: "Time until clients are connected again",
    x: { title: "% of the clients", labels: SHARES.map((share) => String(Math.round(share * 100))) },
    y: "seconds",
    lines: storms
      .filter(
        ({ secondsBetweenMessages, clients, limit }) =>
          secondsBetweenMessages < 60 || (clients === 100_000 && limit === "500/s"),
      )
      .map((storm) => ({
        name: `${thousands(storm.clients)} clients, ${storm.limit}`,
        values: SHARES.map(storm.backAfter),
      })),
  });
