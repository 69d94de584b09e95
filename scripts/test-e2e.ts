import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { runCommand } from "./run-command.ts";

const HELP = `Runs the end-to-end tests: all of them on the emulator, or those for any deployment on the one at TARGET.

  npm run test:e2e -- [flags]
  TARGET=wss://… npm run test:e2e -- [flags]

  --grep TEXT  only tests whose title has this text
  --help       this text`;

const FLAGS = { grep: { type: "string" }, help: { type: "boolean", default: false } } as const;

/** The files that start their own chats, and the folder of the files that use the chat at TARGET. */
const WITH_OWN_CHAT = "__tests__/e2e";
const ON_TARGET = "__tests__/e2e/target";

await runCommand(async () => {
  const { grep, help } = parseArgs({ options: FLAGS }).values;
  if (help) return console.log(HELP);
  const { TARGET } = process.env;
  if (TARGET === undefined) {
    await run(await loaded([...filesIn(WITH_OWN_CHAT), ...filesIn(ON_TARGET)], grep));
    return;
  }
  if (!/^wss?:\/\//.test(TARGET)) {
    throw new Error(
      `TARGET is "${TARGET}"; it must be the address of a WebSocket API, such as the output websocket_url.`,
    );
  }
  const { passes, failures } = await run(await loaded(filesIn(ON_TARGET), grep));
  // These files are loaded after the run, and never run. Only loading a file shows how many tests it has.
  const leftOut = await loaded(filesIn(WITH_OWN_CHAT));
  console.log(`${passes + failures} tests ran on ${TARGET}: ${passes} passed, ${failures} failed.`);
  console.log(
    `${leftOut.suite.total()} tests in ${leftOut.files.length} files were left out: they start chats of their own, with other settings, tokens or faults.`,
  );
});

function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith("-test.ts"));
  return names.map((name) => join(folder, name));
}

/** Loads files like the mocha command. A run without tests fails, because a filter without a match would look like a pass. */
async function loaded(files: readonly string[], grep?: string): Promise<Mocha> {
  const { timeout, ...config } = JSON.parse(readFileSync(".mocharc.json", "utf8"));
  const forbidden = { forbidOnly: config["forbid-only"], forbidPending: config["forbid-pending"] };
  const mocha = new Mocha({ timeout, ...forbidden, failZero: true, ...(grep !== undefined && { fgrep: grep }) });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return mocha;
}

async function run(mocha: Mocha): Promise<Mocha.Stats> {
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
  });
  if (stats.failures > 0 || stats.passes === 0) process.exitCode = 1;
  return stats;
}
