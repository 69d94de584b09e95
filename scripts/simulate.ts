import { parseArgs } from "node:util";
import { compareWithEmulator } from "../benchmarks/simulation/calibration/comparison.ts";
import { measureCpu } from "../benchmarks/simulation/calibration/cpu.ts";
import { printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";
import { calibrationChapter, refuseLargeDifferences } from "./simulate/comparison.ts";
import { hotChannelsChapter } from "./simulate/hot-channels.ts";
import { largeChannelsChapter, memoryChapter } from "./simulate/large-channels.ts";
import { reconnectStormsChapter } from "./simulate/reconnect-storms.ts";

const HELP = `Simulates the chat at scale, with the quotas of an AWS account, and writes the tables and charts of docs/scale.md.
The same sources give the same figures. Takes about four minutes.

  npm run simulate -- [flags]

  --json    prints all figures as JSON
  --check   instead measures small channels on the emulator and compares them with the simulation, and measures the CPU
            time of the functions; takes two minutes
  --write   with --check: writes both tables into docs/scale.md
  --help    this text`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean" },
      check: { type: "boolean" },
      write: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.check) {
    const cpu = await measureCpu();
    const comparisons = await compareWithEmulator();
    const chapter = calibrationChapter(comparisons, cpu);
    console.log(printed([chapter], values.json));
    if (values.write) writeChapters("scale.md", [chapter]);
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
