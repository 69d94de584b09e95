import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Attributes, StackError } from "../configuration.ts";
import { evaluateValue } from "./body.ts";
import type { Scope } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import type { Input } from "./module.ts";
import type { OnRead } from "./source.ts";
import { parseHcl } from "./source-files.ts";
import { parseExpression } from "./syntax.ts";
import { EvaluationFault, type Result, Unresolvable } from "./values.ts";

/** Where the values of the root module's variables come from, besides its folder. */
export interface VariableSources {
  /** `NAME=VALUE`, from `--var`. */
  readonly variables: readonly string[];
  /** Paths, from `--var-file`. */
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onRead: OnRead;
}

/** The values have no references. */
const CONSTANTS: Scope = {
  folder: ".",
  onRead: () => undefined,
  lookup(name) {
    throw new Unresolvable(`The value refers to ${name}.`, { remedy: "Write a constant." });
  },
  template: () => "",
};

/**
 * Reads the values of variables. Later sources override earlier ones, as in Terraform:
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
 */
export async function readInputs(folder: string, sources: VariableSources): Promise<Input> {
  const { variables, files, environment, onRead } = sources;
  onRead({ path: folder, includes: (name) => /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name) });
  const automatic = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.auto\.tfvars(\.json)?$/.test(name))
    : [];
  const fixed = ["terraform.tfvars", "terraform.tfvars.json"].filter((name) => existsSync(join(folder, name)));
  const paths = [
    ...[...fixed, ...automatic.sort()].map((name) => join(folder, name)),
    ...files.map((file) => resolve(file)),
  ];
  for (const path of paths) onRead({ path });
  const contents = await Promise.all(paths.map(readVariableFile));
  const fromFiles: Attributes = Object.assign({}, ...contents);
  const fromFlags = Object.fromEntries(variables.map(flagOf));
  return (name, type) => {
    const text = Object.hasOwn(fromFlags, name) ? fromFlags[name] : undefined;
    if (text !== undefined) return valueOfText(text, type, `--var ${name}`);
    if (Object.hasOwn(fromFiles, name)) {
      const where = `the value of the variable ${name}`;
      return evaluateValue(fromFiles[name] ?? null, { scope: CONSTANTS, directives: "evaluated", where });
    }
    const variable = environment[`TF_VAR_${name}`];
    return variable === undefined ? undefined : valueOfText(variable, type, `TF_VAR_${name}`);
  };
}

function flagOf(flag: string): [string, string] {
  const [, name, value] = /^\s*([\w-]+)\s*=([\s\S]*)$/.exec(flag) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new StackError([`--var is "${flag}". Pass the name of a variable and its value, such as --var stage=dev.`]);
}

async function readVariableFile(path: string): Promise<Attributes> {
  if (!existsSync(path)) throw new StackError([`The file ${path} of --var-file does not exist. Correct the path.`]);
  const text = readFileSync(path, "utf8");
  if (!path.endsWith(".json")) return parseHcl(basename(path), text);
  try {
    return JSON.parse(text) as Attributes;
  } catch (fault) {
    throw new StackError([`The file ${path} is not valid JSON: ${(fault as Error).message}. Correct it.`]);
  }
}

/** The text itself for a string, and an expression for any other type. */
function valueOfText(text: string, type: string, where: string): Result {
  if (/^(string|any|number|bool)$/.test(type)) return text;
  try {
    return evaluate(parseExpression(text), CONSTANTS);
  } catch (fault) {
    throw new EvaluationFault(
      `The value of ${where} is not an expression of the type ${type}: ${(fault as Error).message}`,
    );
  }
}
