import { broadcast } from "../../benchmarks/simulation/scenarios/large-channel.ts";
import type { Chapter } from "../docs/chapter.ts";
import { table } from "../docs/table.ts";
import { dollarsOf } from "./large-channels.ts";
import { seconds } from "../docs/numbers.ts";

const MEGABYTES = [128, 256, 512, 1_024, 1_769];
const MEMBERS = 1_000;

/** One message to a channel that is still one function's, with functions of more and less memory. */
export async function memoryChapter(): Promise<Chapter> {
  const all = await Promise.all(
    MEGABYTES.map(async (memoryMegabytes) => ({
      memoryMegabytes,
      ...(await broadcast({ members: MEMBERS, assumptions: { memoryMegabytes } })),
    })),
  );
  const rows = all.map(({ memoryMegabytes, p50, last, usage }) => [
    `${memoryMegabytes} MB`,
    seconds(p50),
    seconds(last),
    `$${dollarsOf({ ...usage, messages: 0 }).toFixed(6)}`,
  ]);
  return {
    sections: { memory: `\n${table(["function memory", "p50", "last", "Lambda and DynamoDB"], rows)}\n` },
    plots: {},
    figures: all,
  };
}
