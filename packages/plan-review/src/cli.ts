#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { archivesIn } from "./archives.ts";
import { readPlan } from "./plan.ts";
import { prices } from "./prices.ts";
import { markdownOf } from "./render.ts";
import { losesData, review } from "./review.ts";

const HELP = `Describes what a Terraform plan does, as Markdown for a pull request.

  terraform show -json PLAN | serverless-chat-plan-review [flags]

  --plan FILE     read the output of \`terraform show -json\` from FILE (standard input)
  --stack FOLDER  the Terraform folder of the plan: its name is the title, and its archives give the sizes of functions
                  (the current folder)
  --guard         exit with code 3 if the plan loses data
  --help          this text

Exit code 0; 1 if the plan cannot be read.`;

const FLAGS = {
  stack: { type: "string", default: "." },
  plan: { type: "string" },
  guard: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const LOSES_DATA = 3;

async function run(): Promise<void> {
  const { stack, plan, guard, help } = parseArgs({ options: FLAGS }).values;
  if (help) return void process.stdout.write(`${HELP}\n`);
  const reviewed = review({
    stack: basename(resolve(stack)),
    plan: readPlan(await jsonOf(plan)),
    prices,
    archiveBytes: archivesIn(stack),
  });
  process.stdout.write(markdownOf(reviewed));
  if (guard && losesData(reviewed)) process.exitCode = LOSES_DATA;
}

async function jsonOf(file: string | undefined): Promise<string> {
  if (file !== undefined) return readFileSync(file, "utf8");
  if (process.stdin.isTTY) {
    throw new Error(
      "There is no plan. Pipe the output of `terraform show -json PLAN` into this command, or use --plan.",
    );
  }
  return await text(process.stdin);
}

try {
  await run();
} catch (fault) {
  process.stderr.write(`${(fault as Error).message}\n`);
  process.exitCode = 1;
}
