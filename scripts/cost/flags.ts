import { parseArgs } from "node:util";
import type { Load } from "../../benchmarks/costs/load.ts";

export const HELP = `Prints what AWS takes for a month of the chat, and of the same load on the design of the public samples.

  npm run cost -- --connections N --hours H --messages M --audience A [flags]

  --connections N   clients that are connected at once: 1 to 1,000,000
  --hours H         how long each is connected on a day: above 0, to 24
  --messages M      what each says on a day: 0 to 100,000 messages of up to 1 KB
  --audience A      who hears a message, the sender too: 1 to 100,000, and no more than are connected
  --days D          on how many days of the month: 1 to 31 (30)
  --json            for machines
  --help            this text

Prices are those of benchmarks/costs/prices.json, free tiers left out. Clients have no subprotocol: one of chat.v1 gets one more
message for each that it says, the acknowledgement. Functions are warm, and take as long as the simulation has them take.`;

export interface CostFlags {
  readonly help: boolean;
  readonly json: boolean;
  /** Undefined where only help is wanted. */
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

/** Reads a command line. Throws, with what is allowed, at anything else. */
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
