import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { environments, STATE_BUCKET } from "../infra/environments.ts";
import { stackName } from "../infra/names.ts";
import { expectedBackend, fileRefusals, terraformRefusals } from "./check-stack/terraform.ts";
import { chooseEnvironment, runCommand } from "./run-command.ts";

const HELP = `Refuses a synthesized stack that could run code or send credentials elsewhere when Terraform plans it.

  node scripts/check-stack.ts --environment NAME [--stacks FOLDER]

  --environment NAME  an environment in infra/environments.ts
  --stacks FOLDER     the folder of all stacks (cdktf.out/stacks)
  --help              this text

Prints the folder of the stack. The rules are in docs/github.md.`;

const FLAGS = {
  environment: { type: "string" },
  stacks: { type: "string", default: "cdktf.out/stacks" },
  help: { type: "boolean", default: false },
} as const;

// The workflows run this file in a job with credentials, where no package is installed. The file therefore imports none, and
// Node.js removes the types. https://nodejs.org/api/typescript.html#type-stripping
await runCommand(async () => {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) return console.log(HELP);
  const environment = chooseEnvironment(values.environment, environments);
  const folder = join(values.stacks, stackName(environment));
  const backend = expectedBackend(environment, STATE_BUCKET);
  const refusals = [...fileRefusals(folder), ...terraformRefusals(folder, backend)];
  if (refusals.length === 0) return console.log(folder);
  throw new Error(`The stack ${basename(folder)} is refused, and Terraform must not run. ${refusals.join(" ")}`);
});
