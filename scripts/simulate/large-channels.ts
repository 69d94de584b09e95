import { billOf, totalOf } from "../../benchmarks/costs/bill.ts";
import type { Usage } from "../../benchmarks/simulation/account.ts";
import type { Quotas } from "../../benchmarks/simulation/quotas.ts";
import { type Broadcast, broadcast } from "../../benchmarks/simulation/scenarios/large-channel.ts";
import { lineChart } from "../docs/line-chart.ts";
import { type Chapter, percent, seconds, table, thousands } from "../docs/markdown.ts";

const MEMBERS = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

/** Ten times the default quota of API Gateway, and three times that of Lambda. */
const RAISED: Partial<Quotas> = { requests: { perSecond: 100_000, burst: 50_000 }, concurrency: 3_000 };

/** One message to channels of every size, with default and with raised quotas. */
export async function largeChannelsChapter(): Promise<Chapter> {
  const defaults: Broadcast[] = [];
  const raised: Broadcast[] = [];
  for (const members of MEMBERS) {
    defaults.push(complete(await broadcast({ members })));
    raised.push(complete(await broadcast({ members, quotas: RAISED })));
  }
  return {
    tables: { channels: tableOf(defaults), raised: tableOf(raised) },
    charts: { channels_chart: chartOf(defaults, raised) },
    figures: { defaults, raised },
  };
}

/** Throws unless each member received the message exactly once: other figures would be meaningless. */
function complete(result: Broadcast): Broadcast {
  const { members, once, again, never } = result;
  if (once === members) return result;
  throw new Error(`Of ${members} members, ${never} did not receive the message and ${again} received it repeatedly.`);
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
  "invocations at once",
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
      `$${dollarsFor(usage).toFixed(4)}`,
    ]),
  );

const dollarsFor = (usage: Usage): number =>
  totalOf(billOf({ ...usage, connectionMinutes: 0, storedGigabytes: 0, logGigabytes: 0, metricMonths: 0 }));

const chartOf = (defaults: readonly Broadcast[], raised: readonly Broadcast[]): string =>
  lineChart({
    title: "Time until the last member has a message",
    x: { title: "members of the channel", labels: MEMBERS.map(thousands) },
    y: "seconds",
    lines: [
      { name: "10,000 requests/s", values: defaults.map(({ last }) => last / 1000) },
      { name: "100,000 requests/s", values: raised.map(({ last }) => last / 1000) },
      { name: "at best, with 10,000 requests/s", values: defaults.map(({ floor }) => floor / 1000) },
    ],
  });

const MEGABYTES = [128, 256, 512, 1_024, 1_769];
/** A channel of this size has one shard, so one function delivers the message. */
const MEMBERS_OF_ONE_SHARD = 1_000;

/** One message to a channel of one shard, by how much memory the functions have. */
export async function memoryChapter(): Promise<Chapter> {
  const all = await Promise.all(
    MEGABYTES.map(async (memoryMegabytes) => ({
      memoryMegabytes,
      ...(await broadcast({ members: MEMBERS_OF_ONE_SHARD, assumptions: { memoryMegabytes } })),
    })),
  );
  const rows = all.map(({ memoryMegabytes, p50, last, usage }) => [
    `${memoryMegabytes} MB`,
    seconds(p50),
    seconds(last),
    `$${dollarsFor({ ...usage, messages: 0 }).toFixed(6)}`,
  ]);
  return { tables: { memory: table(["function memory", "p50", "last", "Lambda and DynamoDB"], rows) }, figures: all };
}
