import { PLAY_FLAGS_HELP, readCommandLine } from "../emulator/terminal/flags.ts";
import { play } from "../emulator/terminal/play.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Plays any stack of a WebSocket API on this machine, from its Terraform.

  npm run emulate -- FOLDER [flags]

  FOLDER             holds a cdk.tf.json or main.tf.json, and the archives it names
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const commandLine = readCommandLine(process.argv.slice(2), { allowPositionals: true });
  if (commandLine.help) return console.log(HELP);
  const [folder, ...others] = commandLine.positionals;
  if (folder === undefined || others.length > 0) {
    throw new Error(`Name one folder that holds a cdk.tf.json or main.tf.json: npm run emulate -- FOLDER.`);
  }
  await play(folder, commandLine);
});
