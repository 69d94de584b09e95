import type { PageFigures, Work } from "../../benchmarks/page/bench.ts";
import { type Chapter, table } from "../docs/markdown.ts";

/** Where and when the page was measured. */
export interface PageRun {
  readonly at: Date;
  readonly rounds: number;
  readonly cores: readonly string[];
  /** The load average of the minute before. */
  readonly loadBefore: number;
}

/** The page, next to plain pages. */
export const pageChapter = ({ start, list: { chat, plain } }: PageFigures, run: PageRun): Chapter => ({
  tables: {
    page: `${sentenceOf(run)}\n\n${table(
      ["", "chat", "plain page", "ratio"],
      [
        rowOf("start until the user can write", start.chat, start.empty),
        ...workRows("scroll through all messages", chat.scroll, plain.scroll),
        ...workRows("change the width of the window", chat.resize, plain.resize),
      ],
    )}`,
  },
  figures: { start, list: { chat, plain }, run },
});

const sentenceOf = ({ at, rounds, cores, loadBefore }: PageRun): string => {
  const date = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${date}, rounds: ${rounds}, ${cores.length} cores (${cores[0]?.trim()}), load average before the run ${loadBefore.toFixed(1)}:`;
};

const workRows = (does: string, chat: Work, plain: Work): string[][] => [
  rowOf(`${does}, CPU`, chat.total, plain.total),
  rowOf(`${does}, longest task`, chat.longest, plain.longest),
];

const rowOf = (name: string, chat: number, plain: number): string[] => [
  name,
  `${chat.toFixed(0)} ms`,
  `${plain.toFixed(0)} ms`,
  `${(chat / plain).toFixed(2)}×`,
];
