import { type MemoryFigures, priceOfMillion } from "../../benchmarks/costs/memory.ts";
import { shareOf } from "../../benchmarks/harness/cpu-share.ts";
import { type Chapter, table, thousands } from "../docs/markdown.ts";

/** What each size of memory costs, and how long clients wait. */
export const memorySizesChapter = (all: readonly MemoryFigures[]): Chapter => ({
  tables: { memory: table(HEADS, all.map(rowOf)) },
  figures: all,
});

const HEADS = [
  "memory",
  "share of a core",
  "cold `$connect`",
  "cold `sendmessage`",
  "first push",
  "last push",
  "billed",
  "GB-seconds of a million messages",
  "Lambda",
  "with API Gateway and DynamoDB",
];

function rowOf(figures: MemoryFigures): string[] {
  const { megabytes, coldConnect, coldSendMessage, firstPush, lastPush, duration } = figures;
  const { gigabyteSeconds, lambdaDollars, dollars } = priceOfMillion(figures);
  return [
    `${thousands(megabytes)} MB`,
    shareOf(megabytes).toFixed(2),
    ...[coldConnect, coldSendMessage, firstPush, lastPush, duration].map((time) => `${time.toFixed(0)} ms`),
    thousands(gigabyteSeconds),
    ...[lambdaDollars, dollars].map((amount) => `$${amount.toFixed(2)}`),
  ];
}
