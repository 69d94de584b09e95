import { parseArgs } from "node:util";
import type { Load } from "../../benchmarks/costs/work.ts";

export const HELP = `Prints the AWS bill of a month for the chat, and for the same load on the design of the public samples.

  npm run cost -- --connections N --hours H --messages M --audience A [flags]

  --connections N   concurrent connections: 1 to 1,000,000
  --hours H         hours that each client is connected per day: more than 0, at most 24
  --messages M      messages that each client sends per day: 0 to 100,000, of up to 1 KB
  --audience A      recipients of a message, including the sender: 1 to 100,000, at most the connections
  --days D          days per month: 1 to 31 (30)
  --json            prints JSON
  --help            this text

The prices are in benchmarks/costs/prices.json, without free tiers. Clients use no subprotocol. With chat.v1, the acknowledgement
is an additional message for each one sent. Functions are warm, and their durations are simulated.`;

export interface CostFlags {
  readonly help: boolean;
  readonly json: boolean;
  /** Undefined with `--help`. */
  readonly load: Load | undefined;
}

const FLAGS = {
  connections: { type: "string" },
  hours: { type: "string" },
  messages: { type: "string" },
  audience: { type: "string" },
  days: { type: "string", default: "30" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/** Reads the command line. An error names what is allowed. */
export function readCostFlags(args: readonly string[]): CostFlags {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const { help, json } = values;
  if (help) return { help, json, load: undefined };
  const read = (name: "connections" | "hours" | "messages" | "audience" | "days", range: Range): number =>
    numberOf(name, values[name], range);
  const connections = read("connections", { min: 1, max: 1_000_000, isWhole: true });
  return {
    help,
    json,
    load: {
      connections,
      hoursPerDay: read("hours", { min: 0.01, max: 24 }),
      messagesPerDay: read("messages", { min: 0, max: 100_000 }),
      audience: read("audience", { min: 1, max: Math.min(connections, 100_000), isWhole: true }),
      daysPerMonth: read("days", { min: 1, max: 31, isWhole: true }),
    },
  };
}

function numberOf(name: string, text: string | undefined, { min, max, isWhole = false }: Range): number {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  const is = text === undefined ? "missing" : `"${text}"`;
  const kind = isWhole ? "a whole number" : "a number";
  throw new Error(`--${name} is ${is}; it must be ${kind} from ${min} to ${max}.`);
}
