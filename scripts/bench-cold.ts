import { parseArgs } from "node:util";
import { benchCold } from "../benchmarks/cold-start/bench.ts";
import { bundleSizes, writeBudget } from "../benchmarks/cold-start/budget.ts";
import { lambdaNode } from "../benchmarks/cold-start/lambda-node.ts";
import { coldChapter } from "./bench/cold-start.ts";
import { roundsOf } from "./bench/rounds.ts";
import { shownOf, writeChapters } from "./docs/chapter.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Starts every function in fresh processes of Lambda's Node, beside the same functions as the public samples have them,
and shows how long they take to load and to answer first. Takes about a minute; fetches that Node from npm at first.

  npm run bench:cold -- [flags]

  --rounds N   how often each is started, in turn; medians are shown (9)
  --write      also writes the table into docs/benchmarks.md
  --json       prints all figures, as JSON
  --budget     measures nothing, and writes what bundles weigh now into benchmarks/cold-start/bundle-sizes.json
  --help       this text`;

// What is started and made meanwhile is ended and removed at the exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      write: { type: "boolean" },
      json: { type: "boolean" },
      budget: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.budget) return writeBudget(await bundleSizes());
  const rounds = roundsOf(values.rounds);
  const chapters = [coldChapter(await benchCold({ rounds, node: await lambdaNode() }))];
  if (values.write) writeChapters("benchmarks.md", chapters);
  console.log(shownOf(chapters, values.json));
});
