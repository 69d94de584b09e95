import { type HotChannel, keepTalking } from "../../benchmarks/simulation/scenarios/hot-channel.ts";
import type { Chapter } from "../docs/chapter.ts";
import { type Plot, svgOf } from "../docs/plot.ts";
import { table } from "../docs/table.ts";
import { percent, seconds, thousands } from "../docs/numbers.ts";

const MEMBERS = [100, 1_000, 10_000];
const PUSHES_PER_SECOND = [2_000, 4_000, 6_000, 8_000, 9_000, 10_000, 11_000, 12_000];

/** Channels in which much is said. */
export async function hotChannelChapter(): Promise<Chapter> {
  const all: HotChannel[] = [];
  for (const members of MEMBERS) {
    for (const pushesPerSecond of PUSHES_PER_SECOND) all.push(await keepTalking({ members, pushesPerSecond }));
  }
  return {
    sections: { hot: `\n${table(HEADS, all.map(rowOf))}\n` },
    plots: { "hot-channels.svg": svgOf(plotOf(all)) },
    figures: all,
  };
}

const HEADS = ["members", "messages/s", "pushes/s", "p50", "p99", "refused pushes", "not said", "functions"];

const rowOf = ({ members, pushesPerSecond, p50, p99, unsaid, usage }: HotChannel): string[] => [
  thousands(members),
  (pushesPerSecond / members).toFixed(members < 10_000 ? 0 : 1),
  thousands(pushesPerSecond),
  seconds(p50),
  seconds(p99),
  thousands(usage.pushesRefused),
  percent(unsaid),
  thousands(usage.environments),
];

const plotOf = (all: readonly HotChannel[]): Plot => ({
  title: "How long 99 of a hundred deliveries take",
  x: {
    label: "pushes per second: messages said, times members",
    ticks: [0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000],
  },
  y: { label: "seconds", isLogarithmic: true, ticks: [0.1, 1, 10, 100] },
  series: MEMBERS.map((members) => ({
    name: `${thousands(members)} members`,
    points: all
      .filter((one) => one.members === members)
      .map(({ pushesPerSecond, p99 }) => [pushesPerSecond, p99 / 1000] as const),
  })),
});
