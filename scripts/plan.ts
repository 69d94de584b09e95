import { styleText } from "node:util";
import prices from "../costs/prices.json" with { type: "json" };
import { runCommand } from "../emulator/terminal/command.ts";
import { environments } from "../infra/environments.ts";
import { stackName } from "../infra/names.ts";
import { markdownOf } from "../review/markdown.ts";
import { readPlan } from "../review/plan.ts";
import { losesData, review } from "../review/review.ts";
import { terminalTextOf } from "../review/terminal.ts";
import { archivesIn } from "./plan/archives.ts";
import { HELP, readPlanFlags } from "./plan/flags.ts";
import { planned } from "./plan/planned.ts";
import { synthesizedStack } from "./synthesized.ts";

const GUARDED = 3;

await runCommand(async () => {
  const { environment, help, guard, markdown, destroy } = readPlanFlags(process.argv.slice(2), environments);
  if (help) return console.log(HELP);
  const stack = stackName(environment);
  const folder = await synthesizedStack(stack);
  const plan = readPlan(await planned(folder, destroy ? ["-destroy"] : []));
  const reviewed = review({ stack, plan, prices, archiveBytes: archivesIn(folder) });
  process.stdout.write(markdown ? markdownOf(reviewed) : terminalTextOf(reviewed, bold));
  if (guard && losesData(reviewed)) process.exitCode = GUARDED;
});

/** Only on a terminal that shows it. */
function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}
