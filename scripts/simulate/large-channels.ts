import { billOf, totalOf } from "../../benchmarks/costs/bill.ts";
import type { Usage } from "../../benchmarks/simulation/account.ts";
import type { Quotas } from "../../benchmarks/simulation/quotas.ts";
import { type Broadcast, broadcast } from "../../benchmarks/simulation/scenarios/large-channel.ts";
import type { Chapter } from "../docs/chapter.ts";
import { type Plot, svgOf } from "../docs/plot.ts";
import { table } from "../docs/table.ts";
import { percent, seconds, thousands } from "../docs/numbers.ts";

const MEMBERS = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

/** Ten times what an account has at first. */
const RAISED: Partial<Quotas> = { requests: { perSecond: 100_000, burst: 50_000 }, concurrency: 3_000 };

/** One message to channels of every size, with the quotas of a new account and with ten times of them. */
export async function channelChapter(): Promise<Chapter> {
  const defaults: Broadcast[] = [];
  const raised: Broadcast[] = [];
  for (const members of MEMBERS) {
    defaults.push(complete(await broadcast({ members })));
    raised.push(complete(await broadcast({ members, quotas: RAISED })));
  }
  return {
    sections: { channels: `\n${tableOf(defaults)}\n`, raised: `\n${tableOf(raised)}\n` },
    plots: { "large-channels.svg": svgOf(plotOf(defaults, raised)) },
    figures: { defaults, raised },
  };
}

/** Figures of a delivery that is not one would be worth nothing. */
function complete(result: Broadcast): Broadcast {
  const { members, once, again, never } = result;
  if (once === members) return result;
  throw new Error(`Of ${members} members, ${never} heard nothing and ${again} heard it more than once.`);
}

const HEADS = [
  "members",
  "shards",
  "p50",
  "p99",
  "last",
  "at best",
  "refused pushes",
  "others refused",
  "functions",
  "cost",
];

const tableOf = (all: readonly Broadcast[]): string =>
  table(
    HEADS,
    all.map(({ members, shards, p50, p99, last, floor, othersRefused, usage }) => [
      thousands(members),
      thousands(shards),
      seconds(p50),
      seconds(p99),
      seconds(last),
      seconds(floor),
      thousands(usage.pushesRefused),
      percent(othersRefused),
      thousands(usage.environments),
      `$${dollarsOf(usage).toFixed(4)}`,
    ]),
  );

/** What AWS takes for it. */
export const dollarsOf = (usage: Usage): number =>
  totalOf(billOf({ ...usage, connectionMinutes: 0, storedGigabytes: 0, logGigabytes: 0, metricMonths: 0 }));

/** Below this the plot shows nothing: a logarithmic axis has no zero. */
const SECONDS_MIN = 0.1;

const plotOf = (defaults: readonly Broadcast[], raised: readonly Broadcast[]): Plot => ({
  title: "When the last member has one message",
  x: { label: "members of the channel", isLogarithmic: true, ticks: [1_000, 10_000, 100_000, 1_000_000] },
  y: { label: "seconds", isLogarithmic: true, ticks: [SECONDS_MIN, 1, 10, 100, 1_000] },
  series: [
    { name: "10,000 requests/s", points: defaults.map(({ members, last }) => [members, last / 1000]) },
    { name: "100,000 requests/s", points: raised.map(({ members, last }) => [members, last / 1000]) },
    {
      name: "at best, 10,000/s",
      isDashed: true,
      points: defaults.filter(({ floor }) => floor >= 100).map(({ members, floor }) => [members, floor / 1000]),
    },
  ],
});
