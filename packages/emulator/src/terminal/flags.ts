import { parseArgs } from "node:util";

/** The flags that control how a stack runs. */
export interface PlayFlags {
  readonly port: number;
  readonly data: string | undefined;
  readonly dynamodb: string | undefined;
  readonly iam: boolean;
  readonly throttle: boolean;
  readonly verbose: boolean;
  readonly accessLog: string | undefined;
  /** `NAME=VALUE` for variables of the Terraform. */
  readonly variables: readonly string[];
  /** Paths of files with values of variables. */
  readonly variableFiles: readonly string[];
  /** The file to which the session is recorded. */
  readonly record: string | undefined;
  /** The file of a session to replay. */
  readonly replay: string | undefined;
  /** What else differs between two replays, besides times and common ids. */
  readonly replayIds: RegExp | undefined;
  /** The port for debuggers. Undefined without `--inspect`. */
  readonly inspectPort: number | undefined;
}

export interface CommandLine extends PlayFlags {
  readonly help: boolean;
  /** Flags that only this command has, by name. */
  readonly own: Readonly<Record<string, string | undefined>>;
  /** The flags without a value that only this command has, and that are given. */
  readonly ownSwitches: readonly string[];
  readonly positionals: readonly string[];
}

/** For `--help` of a command that takes any Terraform. */
export const VARIABLE_FLAGS_HELP = `  --var NAME=VALUE   set a variable of the Terraform; can be repeated
  --var-file FILE    read variables from FILE, as well as from terraform.tfvars and *.auto.tfvars`;

/** For `--help`. */
export const PLAY_FLAGS_HELP = `  --port N           port for clients; 0 for any free port (default: 3001)
  --data DIR         keep tables and secrets in DIR (default: in memory)
  --dynamodb URL     use a DynamoDB that is already running
  --access-log FILE  append the access log to FILE (default: the terminal)
  --record FILE      record connections and frames to FILE, for --replay
  --replay FILE      replay a recorded session, print the differences, and exit
  --replay-ids REGEX values that also differ between two runs, such as generated names
  --no-iam           do not check signatures, policies and permissions
  --no-throttle      do not enforce throttling limits
  --inspect[=PORT]   let debuggers attach to functions, which then have no timeouts; 0 for any free port (default: 9229)
  --verbose          show START, END, REPORT and metrics of each invocation
  --help             show this help`;

/** The port at which debuggers look for Node.js. */
const INSPECT_PORT = 9229;

const PLAY_FLAGS = {
  port: { type: "string", default: "3001" },
  data: { type: "string" },
  dynamodb: { type: "string" },
  "access-log": { type: "string" },
  record: { type: "string" },
  replay: { type: "string" },
  "replay-ids": { type: "string" },
  "no-iam": { type: "boolean" },
  "no-throttle": { type: "boolean" },
  inspect: { type: "string" },
  verbose: { type: "boolean" },
  var: { type: "string", multiple: true },
  "var-file": { type: "string", multiple: true },
  help: { type: "boolean" },
} as const;

export interface OwnFlags {
  /** The names of flags with a value. */
  readonly own?: readonly string[];
  /** The names of flags without a value. */
  readonly ownSwitches?: readonly string[];
  readonly allowPositionals?: boolean;
}

/** Parses a command line. Throws an error with the allowed values if a flag is invalid. */
export function readCommandLine(args: readonly string[], ownFlags: OwnFlags): CommandLine {
  try {
    return parse(args, ownFlags);
  } catch (fault) {
    throw explained(fault as NodeJS.ErrnoException, args);
  }
}

function parse(args: readonly string[], { own = [], ownSwitches = [], allowPositionals }: OwnFlags): CommandLine {
  const flagsOf = <Type extends "string" | "boolean">(names: readonly string[], type: Type) =>
    Object.fromEntries(names.map((name) => [name, { type }]));
  const { values, positionals } = parseArgs({
    // As in Node.js, the value is optional, and must follow an equals sign.
    args: args.map((arg) => (arg === "--inspect" ? `--inspect=${INSPECT_PORT}` : arg)),
    allowPositionals: allowPositionals === true,
    options: { ...PLAY_FLAGS, ...flagsOf(own, "string"), ...flagsOf(ownSwitches, "boolean") },
  });
  const { data, dynamodb, record, replay } = values;
  const given = Object.entries(values).filter(([name]) => own.includes(name));
  return {
    port: readPort("port", values.port),
    data,
    dynamodb: readUrl(dynamodb),
    own: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    ownSwitches: ownSwitches.filter((name) => name in values),
    positionals,
    accessLog: values["access-log"],
    record,
    replay,
    replayIds: readPattern(values["replay-ids"]),
    inspectPort: values.inspect === undefined ? undefined : readPort("inspect", values.inspect),
    iam: values["no-iam"] !== true,
    throttle: values["no-throttle"] !== true,
    verbose: values.verbose === true,
    variables: values.var ?? [],
    variableFiles: values["var-file"] ?? [],
    help: values.help === true,
  };
}

/** Replaces the errors of `parseArgs`, which do not say what is allowed. */
function explained(fault: NodeJS.ErrnoException, args: readonly string[]): Error {
  const { code = "", message } = fault;
  if (!code.startsWith("ERR_PARSE_ARGS")) return fault;
  const [flag = ""] = /--[\w-]+/.exec(message) ?? [];
  if (/ambiguous|missing/.test(message)) {
    // A flag can be given several times.
    const [next] = args.filter((arg, index) => args[index - 1] === flag && arg.startsWith("-"));
    const why = next === undefined ? "" : `: "${next}" begins with a dash`;
    return new Error(
      `The value of ${flag} is missing${why}. Pass ${flag} VALUE, or ${flag}=VALUE for a value that begins with a dash.`,
      { cause: fault },
    );
  }
  const [sentence = ""] = message.split(". ");
  return new Error(`${sentence}. Show the flags with --help.`, { cause: fault });
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (text !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`The value of --${flag} is "${text}". It must be an integer from 0 to 65535.`);
}

function readPattern(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text);
  } catch (fault) {
    throw new Error(
      `The value of --replay-ids is "${text}". It must be a regular expression of JavaScript, such as guest-\\w+.`,
      { cause: fault },
    );
  }
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\//.test(text)) return text;
  throw new Error(`The value of --dynamodb is "${text}". It must be a URL such as http://localhost:8000.`);
}
