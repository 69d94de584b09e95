import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../emulator/terminal/command.ts";
import { PLAY_FLAGS_HELP, readCommandLine } from "../emulator/terminal/flags.ts";
import { play } from "../emulator/terminal/play.ts";
import { SYNTHESIZED, synthesize } from "./synthesize.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       which stack, where there are several (the first)
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const commandLine = readCommandLine(process.argv.slice(2), { takesStack: true });
  if (commandLine.help) return console.log(HELP);
  await synthesize();
  const stack = await chooseStack(commandLine.stack);
  await play(join(SYNTHESIZED, "stacks", stack), {
    ...commandLine,
    say: '{"message":"sendmessage", "data":"hello world"}',
  });
});

async function chooseStack(wanted: string | undefined): Promise<string> {
  const manifest = JSON.parse(await readFile(join(SYNTHESIZED, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = wanted ?? names[0];
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}
