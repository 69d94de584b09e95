import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { start } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { leanClient } from "../aws/table/lean-client.ts";
import { benchPage, type PageFigures } from "../benchmarks/page/bench.ts";
import { fillLobby } from "../benchmarks/page/history.ts";
import { exitOnSignals, roundsOf } from "./bench/flags.ts";
import { pageChapter } from "./bench/page.ts";
import { printed, writeChapters } from "./docs/markdown.ts";
import { runCommand } from "./run-command.ts";
import { createPage } from "./start/page.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Measures the page in Chromium: how long it takes to start, and to scroll through a channel. Compares it with plain pages
that have the same bytes and the same markup. Takes about a minute. Requires /usr/bin/chromium, or another path in CHROMIUM.

  npm run bench:page -- [flags]

  --rounds N   how often each page is measured, in turn; the result is the median (5)
  --write      writes the table into docs/benchmarks.md
  --json       prints all figures as JSON
  --help       this text`;

const MESSAGES = 5_000;

async function measure(rounds: number): Promise<PageFigures> {
  const stackDirectory = await synthesizedStack();
  const { environments } = await import("../infra/environments.ts");
  const stageName = environments[0]?.stageName ?? "";
  const page = createPage({ stageName, tokenFor: async () => undefined, config: { signIn: { kind: "none" } } });
  const emulator = await start({ stackDirectory, throttle: false, serveElsewhere: page.serve });
  try {
    const { dynamodbUrl: endpoint, stack } = emulator;
    const client = leanClient({
      ...{ endpoint, region: stack.region, credentials: localCredentials, now: Date.now, random: Math.random },
      pause: async () => undefined,
    });
    await fillLobby({ name: stack.tables[0]?.name ?? "", ...client }, MESSAGES);
    return await benchPage({ address: `http://${new URL(emulator.url).host}/`, messages: MESSAGES, rounds });
  } finally {
    await emulator.stop();
  }
}

exitOnSignals();
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      write: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = roundsOf(values.rounds);
  const run = { at: new Date(), rounds, cores: cpus().map(({ model }) => model), loadBefore: loadavg()[0] ?? 0 };
  const chapters = [pageChapter(await measure(rounds), run)];
  if (values.write) writeChapters("benchmarks.md", chapters);
  console.log(printed(chapters, values.json));
});
