import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchColdStarts } from "../benchmarks/cold-start/bench.ts";
import { LAMBDA_NODE, lambdaNode } from "../benchmarks/cold-start/lambda-node.ts";
import { benchFanOut } from "../benchmarks/fan-out/bench.ts";
import { benchPublishing } from "../benchmarks/fan-out/publishing.ts";
import { benchSockets } from "../benchmarks/fan-out/sockets.ts";
import { checkShares } from "../benchmarks/harness/share-check.ts";
import { coldStartChapter } from "./bench/cold-start.ts";
import { fanOutChapter, socketsChapter } from "./bench/fan-out.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { goalsChapter } from "./bench/goals.ts";
import { methodChapter, type Run } from "./bench/method.ts";
import { publishingChapter } from "./bench/publishing.ts";
import { type Chapter, printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Measures what a message and a cold start cost: the chat, the code of the public samples, and unsigned posts alone.
Takes about six minutes. The first run installs the Node.js version that Lambda has.

  npm run bench -- [flags]

  --rounds N   how often each is measured, in turn; the result is the median (5)
  --write      writes the tables and charts into docs/benchmarks.md
  --publishing only measures the messages of a backend, in one minute
  --sockets    also connects 10,000 sockets to one channel of the emulator, which takes a minute or more
  --json       prints all figures as JSON
  --help       this text`;

const SOCKETS = 10_000;

/** The public samples read one page of a scan, which has about 10,000 connections. */
const AUDIENCES = {
  sizes: [1, 10, 100, 1_000, 10_000],
  memorySizes: [100, 1_000, 10_000],
  warmUpMessages: 1_000,
  warmUpRecipients: 20_000,
  recipients: 2_000,
  messagesMax: 50,
  memoryRecipients: 20_000,
  warmUps: [20, 300],
  warmMessages: 50,
};

const PUBLISHING = { sizes: [1, 10, 100], batches: [1, 100], messages: 100 };

const SHARES = { memorySizes: [128, 256, 512, 1_024, 1_769], cpuMilliseconds: 50, rounds: 3 };

async function measureAll(rounds: number): Promise<Chapter[]> {
  const run: Run = {
    at: new Date(),
    command: "npm run bench -- --write",
    node: process.versions.node,
    coldNode: LAMBDA_NODE,
    platform: process.platform,
    cores: cpus().map(({ model }) => model),
    loadBefore: loadavg()[0] ?? 0,
  };
  const cold = await benchColdStarts({ rounds, node: await lambdaNode() });
  const checks = await checkShares(SHARES);
  const fanOut = await benchFanOut({ ...AUDIENCES, rounds });
  return [
    goalsChapter({ ...fanOut, cold }),
    methodChapter(run, checks),
    fanOutChapter(fanOut),
    ...(await measurePublishing(rounds)),
    coldStartChapter(cold),
  ];
}

const measurePublishing = async (rounds: number): Promise<Chapter[]> => [
  publishingChapter(await benchPublishing({ ...PUBLISHING, rounds })),
];

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      publishing: { type: "boolean" },
      sockets: { type: "boolean" },
      write: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const chapters = await (values.publishing ? measurePublishing : measureAll)(roundsOf(values.rounds));
  if (values.sockets) chapters.push(socketsChapter(await benchSockets(SOCKETS)));
  if (values.write) writeChapters("benchmarks.md", chapters);
  console.log(printed(chapters, values.json));
});
