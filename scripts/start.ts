import { runCommand } from "../emulator/terminal/command.ts";
import { PLAY_FLAGS_HELP, readCommandLine } from "../emulator/terminal/flags.ts";
import { play } from "../emulator/terminal/play.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       which stack, where there are several (the first)
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const commandLine = readCommandLine(process.argv.slice(2), { takesStack: true });
  if (commandLine.help) return console.log(HELP);
  const say = '{"message":"sendmessage", "data":"hello world"}';
  await play(await synthesizedStack(commandLine.stack), { ...commandLine, say });
});
