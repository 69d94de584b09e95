import type { PublishingFigures } from "../../benchmarks/fan-out/publishing.ts";
import { type Chapter, table, thousands } from "../docs/markdown.ts";

/** Compares the messages of one backend with the messages of one client. */
export const publishingChapter = (figures: readonly PublishingFigures[]): Chapter => ({
  tables: {
    publishing: table(
      [
        "audience",
        "",
        "messages per call",
        "messages/s",
        "CPU per message",
        "of `sendmessage`",
        "write units",
        "read units",
      ],
      figures.map((one) => rowOf(one, figures)),
    ),
  },
  figures: { publishing: figures },
});

function rowOf(one: PublishingFigures, all: readonly PublishingFigures[]): string[] {
  const { route, size, batch, messagesPerSecond, cpuMilliseconds: cpu, reads, writes } = one;
  const frame = all.find((other) => other.size === size && other.route === "sendmessage")?.cpuMilliseconds ?? 0;
  return [
    thousands(size),
    `\`${route}\``,
    thousands(batch),
    thousands(messagesPerSecond),
    `${cpu.toFixed(1)} ms`,
    `${(cpu / frame).toFixed(2)}×`,
    ...[writes, reads].map((units) => String(Number(units.toFixed(2)))),
  ];
}
