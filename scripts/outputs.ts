import { parseArgs } from "node:util";
import { environments } from "../infra/environments.ts";
import { stackName } from "../infra/names.ts";
import { chooseEnvironment, runCommand } from "./run-command.ts";
import { synthesizedStack } from "./synthesized.ts";
import { terraform } from "./terraform.ts";

const HELP = `Prints the Terraform outputs of a deployed environment, such as addresses and names.

  npm run outputs -- [flags]

  --environment NAME  the environment (the first)
  --json              prints JSON
  --help              this text`;

const FLAGS = {
  environment: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Output = [name: string, { readonly value: unknown; readonly sensitive: boolean }];

await runCommand(async () => {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) return console.log(HELP);
  const environment = chooseEnvironment(values.environment, environments);
  const stack = await synthesizedStack(stackName(environment));
  await terraform(stack, ["init", "-input=false"]);
  const outputs: Output[] = Object.entries(JSON.parse(await terraform(stack, ["output", "-json"])));
  const open = outputs.filter(([, { sensitive }]) => !sensitive);
  if (open.length === 0) throw new Error(`The environment "${environment.name}" has no outputs. Deploy it first.`);
  console.log(values.json ? jsonOf(open) : linesOf(open));
});

function jsonOf(outputs: readonly Output[]): string {
  return JSON.stringify(Object.fromEntries(outputs.map(([name, { value }]) => [name, value])));
}

function linesOf(outputs: readonly Output[]): string {
  return outputs.map(([name, { value }]) => `${name} = ${value}`).join("\n");
}
