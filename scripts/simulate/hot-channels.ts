import { type HotChannel, sendSteadily } from "../../benchmarks/simulation/scenarios/hot-channel.ts";
import { lineChart } from "../docs/line-chart.ts";
import { type Chapter, percent, seconds, table, thousands } from "../docs/markdown.ts";

const MEMBERS = [100, 1_000, 10_000];
const PUSHES_PER_SECOND = [2_000, 4_000, 6_000, 8_000, 9_000, 10_000, 11_000, 12_000];

/** Channels with many messages a second. */
export async function hotChannelsChapter(): Promise<Chapter> {
  const all: HotChannel[] = [];
  for (const members of MEMBERS) {
    for (const pushesPerSecond of PUSHES_PER_SECOND) all.push(await sendSteadily({ members, pushesPerSecond }));
  }
  return { tables: { hot: table(HEADS, all.map(rowOf)) }, charts: { hot_chart: chartOf(all) }, figures: all };
}

const HEADS = ["members", "messages/s", "pushes/s", "p50", "p99", "refused pushes", "not sent", "invocations at once"];

const rowOf = ({ members, pushesPerSecond, p50, p99, refusedShare, usage }: HotChannel): string[] => [
  thousands(members),
  (pushesPerSecond / members).toFixed(members < 10_000 ? 0 : 1),
  thousands(pushesPerSecond),
  seconds(p50),
  seconds(p99),
  thousands(usage.pushesRefused),
  percent(refusedShare),
  thousands(usage.environments),
];

const chartOf = (all: readonly HotChannel[]): string =>
  lineChart({
    title: "Time within which 99 % of the deliveries are done",
    x: { title: "pushes per second: messages times members", labels: PUSHES_PER_SECOND.map(thousands) },
    y: "seconds",
    lines: MEMBERS.map((members) => ({
      name: `${thousands(members)} members`,
      values: all.filter((one) => one.members === members).map(({ p99 }) => p99 / 1000),
    })),
  });
