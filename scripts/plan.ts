import { styleText } from "node:util";
import prices from "../costs/prices.json" with { type: "json" };
import { runCommand } from "../emulator/terminal/command.ts";
import { stackName } from "../infra/names.ts";
import { markdownOf } from "../review/markdown.ts";
import { readPlan } from "../review/plan.ts";
import { losesData, review } from "../review/review.ts";
import { terminalTextOf } from "../review/terminal.ts";
import { chooseEnvironment, stackFolder } from "./environment.ts";
import { archivesIn } from "./plan/archives.ts";
import { HELP, readPlanFlags } from "./plan/flags.ts";
import { synthesize } from "./synthesize.ts";
import { terraformIn } from "./terraform.ts";

const GUARDED = 3;

await runCommand(async () => {
  const flags = readPlanFlags(process.argv.slice(2));
  if (flags.help) return console.log(HELP);
  const environment = chooseEnvironment(flags.environment);
  await synthesize();
  const folder = stackFolder(environment);
  const terraform = terraformIn(folder);
  await terraform.run("init", "-input=false");
  const plan = readPlan(await terraform.plan(...(flags.destroy ? ["-destroy"] : [])));
  const reviewed = review({ stack: stackName(environment), plan, prices, archiveBytes: archivesIn(folder) });
  console.log(flags.markdown ? markdownOf(reviewed) : terminalTextOf(reviewed, bold));
  if (flags.guard && losesData(reviewed)) process.exitCode = GUARDED;
});

/** Only on a terminal that shows it. */
function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}
