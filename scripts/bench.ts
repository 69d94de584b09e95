import { parseArgs } from "node:util";
import { benchFanOut } from "../benchmarks/fan-out/bench.ts";
import { benchSockets } from "../benchmarks/fan-out/sockets.ts";
import { fanOutChapter, socketsChapter } from "./bench/fan-out.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures the delivery of a message to all members of a channel: by the chat, by the code of the public samples,
and by unsigned posts alone. Takes about five minutes.

  npm run bench -- [flags]

  --rounds N   how often each is measured, in turn; the result is the median (5)
  --sockets    also connects 10,000 sockets to one channel of the emulator, which takes a minute or more
  --write      writes tables and charts into docs/benchmarks.md; includes --sockets
  --json       prints all figures as JSON
  --help       this text`;

const SOCKETS = 10_000;

/** The public samples read one page of a scan, which has about 10,000 connections. */
const AUDIENCES = {
  sizes: [1, 10, 100, 1_000, 10_000],
  memorySizes: [100, 1_000, 10_000],
  warmUpMessages: 2_000,
  warmUpRecipients: 20_000,
  recipients: 2_000,
  messagesMax: 50,
  memoryRecipients: 30_000,
};

exitOnSignals();
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
  if (values.sockets || values.write) chapters.push(socketsChapter(await benchSockets(SOCKETS)));
  if (values.write) writeChapters("benchmarks.md", chapters);
  console.log(printed(chapters, values.json));
});
