#!/usr/bin/env node
import { PLAY_FLAGS_HELP, readCommandLine } from "./terminal/flags.ts";
import { play } from "./terminal/play.ts";

const HELP = `Plays the WebSocket API of any stack on this machine, from its Terraform.

  serverless-chat-emulator FOLDER [flags]

  FOLDER             holds a cdk.tf.json or main.tf.json, and the archives it names
${PLAY_FLAGS_HELP}`;

async function run(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2), { allowPositionals: true });
  if (commandLine.help) return console.log(HELP);
  const [folder, ...others] = commandLine.positionals;
  if (folder === undefined || others.length > 0) {
    throw new Error("Name one folder that holds a cdk.tf.json or main.tf.json: serverless-chat-emulator FOLDER.");
  }
  await play(folder, commandLine);
}

// The AWS SDK warns of Node.js versions that it will stop supporting. Functions run in Lambda's version, not in this one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
try {
  await run();
} catch (fault) {
  // One line, and one for each item of a list.
  console.error((fault as Error).message.replaceAll(/\s*\n(?! {2}- )\s*/g, " "));
  process.exitCode = 1;
}
