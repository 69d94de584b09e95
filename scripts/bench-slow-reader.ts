import { parseArgs } from "node:util";
import { type Acknowledgements, benchSlowReader } from "../benchmarks/fan-out/slow-reader.ts";
import { quantile } from "../benchmarks/harness/measurement.ts";
import { exitOnSignals } from "./bench/flags.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures how much one member that does not read delays the acknowledgements of the others, on the emulator.
Messages alternate between two channels with the same members. In one of them, a client has stopped reading.

  npm run bench:slow-reader -- [flags]

  --members N    members of each channel (200)
  --messages N   messages to each channel in a round (500)
  --rounds N     rounds; each has a new client that does not read (1)
  --help         this text`;

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      members: { type: "string", default: "200" },
      messages: { type: "string", default: "500" },
      rounds: { type: "string", default: "1" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const numberOf = (name: "members" | "messages" | "rounds", min: number): number => {
    const value = Number(values[name]);
    if (/^\d{1,4}$/.test(values[name]) && value >= min) return value;
    throw new Error(`--${name} is "${values[name]}"; it must be a whole number from ${min} to 9999.`);
  };
  const options = { members: numberOf("members", 2), messages: numberOf("messages", 1), rounds: numberOf("rounds", 1) };
  for (const [round, result] of (await benchSlowReader(options)).entries()) print(round + 1, result);
});

function print(round: number, { allRead, oneDoesNot }: Acknowledgements): void {
  const shown = (all: readonly number[]): string =>
    [0.5, 0.99, 1].map((share) => `${quantile(all, share).toFixed(1)} ms`).join(" · ");
  console.log(`round ${round}, acknowledgements, p50 · p99 · maximum`);
  console.log(`  all members read      ${shown(allRead)}`);
  console.log(`  one does not read     ${shown(oneDoesNot)}`);
  console.log(`  ratio of the p99      ${(quantile(oneDoesNot, 0.99) / quantile(allRead, 0.99)).toFixed(2)}`);
}
