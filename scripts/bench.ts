import { parseArgs } from "node:util";
import { benchFanOut } from "../benchmarks/fan-out/bench.ts";
import { serveSockets } from "../benchmarks/fan-out/sockets.ts";
import { fanOutChapter } from "./bench/fan-out.ts";
import { roundsOf } from "./bench/rounds.ts";
import { socketsChapter } from "./bench/sockets.ts";
import { shownOf, writeChapters } from "./docs/chapter.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures what it takes to tell something to everybody in a channel: the chat, beside what the public samples do,
and beside unsigned posts alone. Takes about three minutes.

  npm run bench -- [flags]

  --rounds N   how often each is measured, in turn; medians are shown (5)
  --sockets    also lets 10,000 real sockets into one channel of the emulator, which takes a minute or more
  --write      also writes tables and plots into docs/benchmarks.md, that of the sockets included
  --json       prints all figures, as JSON
  --help       this text`;

const SOCKETS = 10_000;

/** Ten thousand is as many as the public samples read before they stop. */
const AUDIENCES = {
  sizes: [100, 1_000, 10_000],
  warmUpRecipients: 20_000,
  recipients: 2_000,
  memoryRecipients: 30_000,
};

// What is started and made meanwhile is ended and removed at the exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      sockets: { type: "boolean" },
      write: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = roundsOf(values.rounds);
  const chapters = [fanOutChapter(await benchFanOut({ ...AUDIENCES, rounds }))];
  if (values.sockets || values.write) chapters.push(socketsChapter(await serveSockets(SOCKETS)));
  if (values.write) writeChapters("benchmarks.md", chapters);
  console.log(shownOf(chapters, values.json));
});
