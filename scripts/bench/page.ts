import type { PageFigures, Work } from "../../benchmarks/page/bench.ts";
import { type Chapter, table } from "../docs/markdown.ts";

/** The page, next to plain pages. */
export const pageChapter = ({ start, list: { chat, plain } }: PageFigures): Chapter => ({
  tables: {
    page: table(
      ["", "chat", "plain page", "ratio"],
      [
        rowOf("start until the user can write", start.chat, start.empty),
        ...workRows("scroll through all messages", chat.scroll, plain.scroll),
        ...workRows("change the width of the window", chat.resize, plain.resize),
      ],
    ),
  },
  figures: { start, list: { chat, plain } },
});

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
