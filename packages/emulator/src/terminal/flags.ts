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

/** For `--help`. */
export const PLAY_FLAGS_HELP = `  --port N           port for clients; 0 for any free port (default: 3001)
  --data DIR         keep tables and secrets in DIR (default: in memory)
  --dynamodb URL     use a DynamoDB that is already running
  --access-log FILE  append the access log to FILE (default: the terminal)
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
  "no-iam": { type: "boolean" },
  "no-throttle": { type: "boolean" },
  inspect: { type: "string" },
  verbose: { type: "boolean" },
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
export function readCommandLine(
  args: readonly string[],
  { own = [], ownSwitches = [], allowPositionals }: OwnFlags,
): CommandLine {
  const flagsOf = <Type extends "string" | "boolean">(names: readonly string[], type: Type) =>
    Object.fromEntries(names.map((name) => [name, { type }]));
  const { values, positionals } = parseArgs({
    // As in Node.js, the value is optional, and must follow an equals sign.
    args: args.map((arg) => (arg === "--inspect" ? `--inspect=${INSPECT_PORT}` : arg)),
    allowPositionals: allowPositionals === true,
    options: { ...PLAY_FLAGS, ...flagsOf(own, "string"), ...flagsOf(ownSwitches, "boolean") },
  });
  const { data, dynamodb } = values;
  const given = Object.entries(values).filter(([name]) => own.includes(name));
  return {
    port: readPort("port", values.port),
    data,
    dynamodb: readUrl(dynamodb),
    own: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    ownSwitches: ownSwitches.filter((name) => name in values),
    positionals,
    accessLog: values["access-log"],
    inspectPort: values.inspect === undefined ? undefined : readPort("inspect", values.inspect),
    iam: values["no-iam"] !== true,
    throttle: values["no-throttle"] !== true,
    verbose: values.verbose === true,
    help: values.help === true,
  };
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (text !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`The value of --${flag} is "${text}". It must be an integer from 0 to 65535.`);
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\//.test(text)) return text;
  throw new Error(`The value of --dynamodb is "${text}". It must be a URL such as http://localhost:8000.`);
}
