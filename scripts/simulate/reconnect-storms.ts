import { reconnect, type Storm, type StormOptions } from "../../benchmarks/simulation/scenarios/reconnect-storm.ts";
import type { Chapter } from "../docs/chapter.ts";
import { type Plot, svgOf } from "../docs/plot.ts";
import { table } from "../docs/table.ts";
import { seconds, thousands } from "../docs/numbers.ts";

/** As infra/environments.ts has it for dev. */
const STAGE_OF_DEV = { stage: { perSecond: 100, burst: 50 } };

const RAISED = { handshakes: { perSecond: 5_000, burst: 5_000 }, requests: { perSecond: 100_000, burst: 50_000 } };

interface Case extends StormOptions {
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

/** Everybody comes back at once. */
export async function stormChapter(): Promise<Chapter> {
  const storms: (Case & Storm)[] = [];
  for (const one of CASES) storms.push({ ...one, ...(await reconnect(one)) });
  return {
    sections: { storms: `\n${table(HEADS, storms.map(rowOf))}\n` },
    plots: { "reconnect-storms.svg": svgOf(plotOf(storms)) },
    figures: storms.map((storm) => ({ ...storm, backAfter: MARKS.map(storm.backAfter) })),
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

const rowOf = (storm: Case & Storm): string[] => [
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

const MARKS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1];

const plotOf = (storms: readonly (Case & Storm)[]): Plot => ({
  title: "Who is back after everybody lost their connection",
  x: { label: "seconds", isLogarithmic: true, ticks: [0.1, 1, 10, 100, 1_000] },
  y: { label: "% of the clients", ticks: [0, 20, 40, 60, 80, 100] },
  series: storms
    .filter(
      ({ secondsBetweenMessages, clients, limit }) =>
        secondsBetweenMessages < 60 || (clients === 100_000 && limit === "500/s"),
    )
    .map((storm) => ({
      name: `${thousands(storm.clients)}, ${storm.limit}`,
      points: MARKS.map((share) => [Math.max(0.1, storm.backAfter(share)), share * 100] as const),
    })),
});
