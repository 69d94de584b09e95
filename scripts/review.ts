import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import prices from "../costs/prices.json" with { type: "json" };
import { runCommand } from "../emulator/terminal/command.ts";
import { markdownOf } from "../review/markdown.ts";
import { readPlan } from "../review/plan.ts";
import { losesData, review } from "../review/review.ts";
import { archivesIn } from "./plan/archives.ts";

const HELP = `Reviews an existing plan file. The output is that of \`npm run plan -- --markdown\`.

  node scripts/review.ts --stack FOLDER --plan FILE [--guard]

  --stack FOLDER  the folder of the stack that was planned
  --plan FILE     the output of \`terraform show -json\` for the plan
  --guard         end with exit code 3 where data will be lost
  --help          this text`;

const FLAGS = {
  stack: { type: "string" },
  plan: { type: "string" },
  guard: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const GUARDED = 3;

// The workflows run this file where no package is installed, as scripts/check-stack.ts explains.
await runCommand(async () => {
  const { stack, plan, guard, help } = parseArgs({ options: FLAGS }).values;
  if (help) return console.log(HELP);
  if (!stack || !plan) throw new Error(`--stack is ${stack} and --plan is ${plan}; both are required.`);
  const reviewed = review({
    stack: basename(stack),
    plan: readPlan(readFileSync(plan, "utf8")),
    prices,
    archiveBytes: archivesIn(stack),
  });
  process.stdout.write(markdownOf(reviewed));
  if (guard && losesData(reviewed)) process.exitCode = GUARDED;
});
