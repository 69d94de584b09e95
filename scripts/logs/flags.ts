import { parseArgs } from "node:util";

export const HELP = `Follows the logs of a deployed environment: of all functions, and the access log if it is enabled.

  npm run logs -- [flags]

  --environment NAME   the environment (the first)
  --since TIME         how far back to start: 30s, 10m, 2h or 1d (10m)
  --filter PATTERN     only events that match, such as '{ $.message.connectionId = "Abc=" }' or ERROR
  --help               this text

Stop it with Ctrl-C. For the syntax of patterns, see
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html`;

export interface LogsFlags {
  readonly help: boolean;
  readonly environment: string | undefined;
  readonly sinceMilliseconds: number;
  readonly filter: string | undefined;
}

const FLAGS = {
  environment: { type: "string" },
  since: { type: "string", default: "10m" },
  filter: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 60 * 60, d: 24 * 60 * 60 };

/** Reads the command line. An error names what is allowed. */
export function readLogsFlags(args: readonly string[]): LogsFlags {
  const { environment, since, filter, help } = parseArgs({ args: [...args], options: FLAGS }).values;
  return { help, environment, sinceMilliseconds: millisecondsOf(since), filter };
}

function millisecondsOf(since: string): number {
  const [, count, unit = ""] = /^(\d{1,4})([smhd])$/.exec(since) ?? [];
  const seconds = UNIT_SECONDS[unit];
  if (seconds !== undefined) return Number(count) * seconds * 1000;
  throw new Error(`--since is "${since}"; it must be a number with s, m, h or d, such as 10m.`);
}
