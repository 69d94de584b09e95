import type { ShareCheck } from "../../benchmarks/harness/share-check.ts";
import { type Chapter, table, thousands } from "../docs/markdown.ts";

/** Where and when a benchmark ran. */
export interface Run {
  readonly at: Date;
  readonly command: string;
  /** The versions of Node.js, without "v". */
  readonly node: string;
  readonly coldNode: string;
  readonly platform: string;
  readonly cores: readonly string[];
  /** The load average of the minute before. */
  readonly loadBefore: number;
}

/** The machine, and a check that `limitCpu` gives a process Lambda's share of a core. */
export const methodChapter = (run: Run, checks: readonly ShareCheck[]): Chapter => ({
  tables: { run: sentenceOf(run), shares: table(HEADS, checks.map(rowOf)) },
  figures: { run, checks },
});

const sentenceOf = ({ at, command, node, coldNode, platform, cores, loadBefore }: Run): string => {
  const date = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const machine = `${platform}, ${cores.length} cores (${cores[0]?.trim()})`;
  return `${date}, \`${command}\`, Node.js ${node}, cold starts with ${coldNode}, ${machine}, load average before the run ${loadBefore.toFixed(1)}.\n`;
};

const HEADS = ["memory", "Lambda's share", "by the share", "with the limit", "without a limit"];

const rowOf = ({ megabytes, share, cpuMilliseconds, withLimit, withoutLimit }: ShareCheck): string[] => [
  `${thousands(megabytes)} MB`,
  share.toFixed(3),
  ...[cpuMilliseconds / share, withLimit, withoutLimit].map((time) => `${time.toFixed(0)} ms`),
];
