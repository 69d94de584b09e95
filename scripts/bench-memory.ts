import { parseArgs } from "node:util";
import { lambdaNode } from "../benchmarks/cold-start/lambda-node.ts";
import { benchMemory } from "../benchmarks/costs/memory.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { memorySizesChapter } from "./bench/memory.ts";
import { printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures cold starts and warm messages with the share of a core that each size of memory buys, and computes what a
million messages cost. Takes about two minutes. The first run installs the Node.js version that Lambda has from npm.

  npm run bench:memory -- [flags]

  --rounds N   how often each function is started with each size, in turn; the result is the median (7)
  --write      writes the table into docs/costs.md
  --json       prints all figures as JSON
  --help       this text`;

const MEGABYTES = [128, 256, 512, 1_024, 1_769];
const MESSAGES = 10;

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "7" },
      write: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = roundsOf(values.rounds);
  const options = { megabytes: MEGABYTES, rounds, messages: MESSAGES, node: await lambdaNode() };
  const chapters = [memorySizesChapter(await benchMemory(options))];
  if (values.write) writeChapters("costs.md", chapters);
  console.log(printed(chapters, values.json));
});
