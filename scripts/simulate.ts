import { parseArgs } from "node:util";
import { compareWithEmulator } from "../benchmarks/simulation/calibration/comparison.ts";
import { printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";
import { comparisonTable, refuseLargeDifferences } from "./simulate/comparison.ts";
import { hotChannelsChapter } from "./simulate/hot-channels.ts";
import { largeChannelsChapter, memoryChapter } from "./simulate/large-channels.ts";
import { reconnectStormsChapter } from "./simulate/reconnect-storms.ts";

const HELP = `Simulates the chat at scale, with the quotas of an AWS account, and writes the tables and charts of docs/scale.md.
The same sources give the same figures. Takes about three minutes.

  npm run simulate -- [flags]

  --json    prints all figures as JSON
  --check   instead measures small channels on the emulator and compares them with the simulation; takes a minute
  --help    this text`;

await runCommand(async () => {
  const options = { json: { type: "boolean" }, check: { type: "boolean" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  if (values.check) {
    const comparisons = await compareWithEmulator();
    console.log(comparisonTable(comparisons));
    return refuseLargeDifferences(comparisons);
  }
  const chapters = [
    await largeChannelsChapter(),
    await memoryChapter(),
    await reconnectStormsChapter(),
    await hotChannelsChapter(),
  ];
  writeChapters("scale.md", chapters);
  console.log(printed(chapters, values.json));
});
