import { parseArgs } from "node:util";
import { playRounds, reportOf } from "../benchmarks/emulator/rounds.ts";
import { buildEmulator } from "../benchmarks/emulator/servers/emulator-tool.ts";
import { installServerlessOffline } from "../benchmarks/emulator/servers/serverless-offline.ts";
import { serverInModule } from "../benchmarks/harness/child-process.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures how fast the emulator plays a small stack. For comparison it measures a bare ws server, which is the
upper limit on this machine. Takes about a minute.

  npm run bench:emulator -- [flags]

  --peer       also measures serverless-offline, which it installs into a temporary directory
  --rounds N   how often each server is measured, in turn; the result is the median (3)
  --help       this text`;

const SERVERS = new URL("../benchmarks/emulator/servers/", import.meta.url);

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      peer: { type: "boolean" },
      rounds: { type: "string", default: "3" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = roundsOf(values.rounds);
  const servers = [
    { ...serverInModule("emulator", new URL("emulator-process.ts", SERVERS)), tool: await buildEmulator() },
    ...(values.peer ? [await installServerlessOffline()] : []),
    serverInModule("bare ws", new URL("bare-process.ts", SERVERS)),
  ];
  console.log(reportOf(await playRounds(servers, rounds)));
});
