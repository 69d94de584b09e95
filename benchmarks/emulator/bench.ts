import { parseArgs } from "node:util";
import { playRounds } from "./rounds.ts";
import { tableOf } from "./report.ts";
import { installPeer } from "./servers/serverless-offline.ts";
import { ownServer, type Server } from "../harness/server-process.ts";

const HELP = `Measures how fast the emulator plays a small stack, and a bare ws server as the ceiling.

  npm run bench:emulator -- [flags]

  --peer       also measures serverless-offline, which is installed into a temporary folder
  --rounds N   how often each server is measured, in turn; medians are shown (3)`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    peer: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
  },
});
// What is started and installed meanwhile is ended and removed at the exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

if (values.help) console.log(HELP);
else console.log(tableOf(await playRounds(await servers(), roundsOf(values.rounds))));

async function servers(): Promise<Server[]> {
  const emulator = ownServer("emulator", new URL("./servers/emulator-process.ts", import.meta.url));
  const bare = ownServer("bare ws", new URL("./servers/bare-process.ts", import.meta.url));
  return values.peer ? [emulator, await installPeer(), bare] : [emulator, bare];
}

function roundsOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--rounds is ${text}; it takes a number from 1 to 99.`);
}
