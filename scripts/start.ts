import { basename } from "node:path";
import { runCommand } from "../emulator/terminal/command.ts";
import { PLAY_FLAGS_HELP, readCommandLine } from "../emulator/terminal/flags.ts";
import { play } from "../emulator/terminal/play.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       which stack, where there are several (the first)
  --rotate-now NAME  let the schedule of a service come at once, such as github
${PLAY_FLAGS_HELP}`;

const OWN_FLAGS = { stack: { type: "string" }, "rotate-now": { type: "string" } } as const;

await runCommand(async () => {
  const commandLine = readCommandLine(process.argv.slice(2), { own: OWN_FLAGS });
  if (commandLine.help) return console.log(HELP);
  const say = '{"message":"sendmessage", "data":"hello world"}';
  const stackDirectory = await synthesizedStack(commandLine.stack);
  const { rotateNow } = commandLine;
  const fire = rotateNow === undefined ? undefined : `${basename(stackDirectory)}-${rotateNow}`;
  await play(stackDirectory, { ...commandLine, say, fire });
});
