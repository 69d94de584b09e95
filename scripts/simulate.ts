import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runCommand } from "../emulator/terminal/command.ts";
import { fillSections } from "./docs/sections.ts";
import { channelChapter } from "./simulate/channels.ts";
import { check } from "./simulate/check.ts";
import { hotChannelChapter } from "./simulate/hot-channels.ts";
import { memoryChapter } from "./simulate/memory.ts";
import { stormChapter } from "./simulate/storms.ts";

const HELP = `Simulates the chat at scale in an AWS account with its quotas, and writes the figures and plots of docs/scale.md.
The same sources give the same bytes. Takes about three minutes.

  npm run simulate -- [flags]

  --json    also prints all figures, as JSON
  --check   measures small channels on the emulator instead, and shows what the simulation says of them
  --help    this text`;

const PAGE = new URL("../docs/scale.md", import.meta.url);
const PLOTS = new URL("../docs/plots/", import.meta.url);

await runCommand(async () => {
  const options = { json: { type: "boolean" }, check: { type: "boolean" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  if (values.check) return check();
  const chapters = [await channelChapter(), await memoryChapter(), await stormChapter(), await hotChannelChapter()];
  const sections: Record<string, string> = Object.assign({}, ...chapters.map((chapter) => chapter.sections));
  writeFileSync(PAGE, fillSections(readFileSync(PAGE, "utf8"), sections));
  mkdirSync(PLOTS, { recursive: true });
  for (const { plots } of chapters) {
    for (const [file, svg] of Object.entries(plots)) writeFileSync(new URL(file, PLOTS), svg);
  }
  console.log(
    values.json ? JSON.stringify(chapters.map(({ figures }) => figures)) : Object.values(sections).join("\n"),
  );
});
