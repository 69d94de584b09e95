import { parseArgs } from "node:util";
import { shownOf, writeChapters } from "./docs/chapter.ts";
import { runCommand } from "./run-command.ts";
import { channelChapter } from "./simulate/large-channels.ts";
import { check } from "../benchmarks/simulation/calibration/comparison.ts";
import { hotChannelChapter } from "./simulate/hot-channels.ts";
import { memoryChapter } from "./simulate/memory.ts";
import { stormChapter } from "./simulate/reconnect-storms.ts";

const HELP = `Simulates the chat at scale in an AWS account with its quotas, and writes the figures and plots of docs/scale.md.
The same sources give the same bytes. Takes about three minutes.

  npm run simulate -- [flags]

  --json    also prints all figures, as JSON
  --check   measures small channels on the emulator instead, and shows what the simulation says of them
  --help    this text`;

await runCommand(async () => {
  const options = { json: { type: "boolean" }, check: { type: "boolean" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  if (values.check) return check();
  const chapters = [await channelChapter(), await memoryChapter(), await stormChapter(), await hotChannelChapter()];
  writeChapters("scale.md", chapters);
  console.log(shownOf(chapters, values.json));
});
