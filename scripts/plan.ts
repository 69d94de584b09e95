import { styleText } from "node:util";
import { losesData, review } from "@serverless-chat/plan-review";
import { archivesIn } from "@serverless-chat/plan-review/archives";
import { readPlan } from "@serverless-chat/plan-review/plan";
import { prices } from "@serverless-chat/plan-review/prices";
import { markdownOf, terminalTextOf } from "@serverless-chat/plan-review/render";
import { environments } from "../infra/environments.ts";
import { stackName } from "../infra/names.ts";
import { HELP, readPlanFlags } from "./plan/flags.ts";
import { describedVariables } from "./plan/variables.ts";
import { runCommand } from "./run-command.ts";
import { synthesizedStack } from "./synthesized.ts";
import { planJson } from "./terraform.ts";

/** The exit code of `--guard` if data will be lost. */
const DATA_LOSS = 3;

await runCommand(async () => {
  const { environment, help, guard, markdown, destroy } = readPlanFlags(process.argv.slice(2), environments);
  if (help) return console.log(HELP);
  const stack = stackName(environment);
  const folder = await synthesizedStack(stack);
  const plan = readPlan(await planJson(folder, destroy ? ["-destroy"] : []));
  const reviewed = review({ stack, plan, prices, archiveBytes: archivesIn(folder), variables: describedVariables });
  process.stdout.write(markdown ? markdownOf(reviewed) : terminalTextOf(reviewed, bold));
  if (guard && losesData(reviewed)) process.exitCode = DATA_LOSS;
});

function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}
