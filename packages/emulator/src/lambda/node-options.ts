import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The options in the variable `NODE_OPTIONS` of a function. https://nodejs.org/api/cli.html#node_optionsoptions */
export interface NodeOptions {
  /** Modules of `--require`. */
  readonly requires: readonly string[];
  /** Modules of `--import`. */
  readonly imports: readonly string[];
  /** All other options, as in the variable. Node.js applies those that a thread can have. */
  readonly others: readonly string[];
}

/** Loaders run in a separate thread, which does not know the folder of the function. */
const UNSUPPORTED = ["--loader", "--experimental-loader"];

const WORD = /(?:[^\s"]|"(?:\\.|[^"\\])*")+/g;

/** The values are separated by white space. Within double quotes, a backslash escapes a character. */
export function parseNodeOptions(text: string): NodeOptions {
  const words = (text.match(WORD) ?? []).map((word) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replaceAll(/\\(.)/g, "$1")),
  );
  const options = { requires: [] as string[], imports: [] as string[], others: [] as string[] };
  const remaining = words.values();
  for (const word of remaining) {
    const [, name, value] = /^(-r|--require|--import)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) options.others.push(word);
    else options[name === "--import" ? "imports" : "requires"].push(value ?? String(remaining.next().value));
  }
  return options;
}

/** The names of the options that Node.js or the emulator does not accept. */
export const unsupportedNodeOptions = (text: string): string[] =>
  parseNodeOptions(text)
    .others.map((option) => option.replace(/=.*$/s, ""))
    .filter((name) => name.startsWith("-"))
    .filter((name) => UNSUPPORTED.includes(name) || !process.allowedNodeEnvironmentFlags.has(name));

/**
 * Loads the modules of `--require`, then those of `--import`. Relative paths begin at the function's folder, as in
 * Lambda. Threads of Node.js ignore `--import`, and resolve `--require` from the folder of the process.
 */
export async function preload(
  { requires, imports }: Pick<NodeOptions, "requires" | "imports">,
  taskRoot: string,
): Promise<void> {
  const require = createRequire(join(taskRoot, "index.js"));
  for (const name of requires) require(name);
  for (const name of imports) await import(urlOf(name, require));
}

const urlOf = (name: string, require: NodeJS.Require): string => {
  if (/^(node|file|data):/.test(name)) return name;
  return pathToFileURL(isAbsolute(name) ? name : require.resolve(name)).href;
};
