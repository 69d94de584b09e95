import type { Served } from "../../benchmarks/fan-out/sockets.ts";
import type { Chapter } from "../docs/chapter.ts";
import { table } from "../docs/table.ts";
import { seconds, thousands } from "../docs/numbers.ts";

/** A crowd of real sockets. */
export const socketsChapter = (served: Served): Chapter => ({
  sections: { sockets: `\n${table(HEADS, [rowOf(served)])}\n` },
  plots: {},
  figures: served,
});

const HEADS = ["sockets", "served", "connections/s", "last delivery", "delivered again"];

/** Who was not served would have ended the benchmark. */
const rowOf = ({ sockets, connectionsPerSecond, last, again }: Served): string[] => [
  thousands(sockets),
  "all",
  thousands(connectionsPerSecond),
  seconds(last),
  thousands(again),
];
