import { parseArgs } from "node:util";
import { benchColdStarts } from "../benchmarks/cold-start/bench.ts";
import { bundleSizes, writeBudget } from "../benchmarks/cold-start/budget.ts";
import { lambdaNode } from "../benchmarks/cold-start/lambda-node.ts";
import { coldStartChapter } from "./bench/cold-start.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { printed } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures cold starts: starts every function, and the same functions of the public samples, in new processes of the
Node.js version that Lambda has. Takes about a minute. \`npm run bench -- --write\` includes it and
writes it into docs/benchmarks.md. The first run installs that version from npm.

  npm run bench:cold -- [flags]

  --rounds N   how often each function is started, in turn; the result is the median (9)
  --json       prints all figures as JSON
  --budget     measures nothing; writes the current bundle sizes into benchmarks/cold-start/bundle-sizes.json
  --help       this text`;

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      json: { type: "boolean" },
      budget: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.budget) return writeBudget(await bundleSizes());
  const rounds = roundsOf(values.rounds);
  const chapters = [coldStartChapter(await benchColdStarts({ rounds, node: await lambdaNode() }))];
  console.log(printed(chapters, values.json));
});
