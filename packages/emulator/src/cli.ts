#!/usr/bin/env node
import { PLAY_FLAGS_HELP, readCommandLine, VARIABLE_FLAGS_HELP } from "./terminal/flags.ts";
import { play } from "./terminal/play.ts";
import { watchStack } from "./terminal/watch-stack.ts";

const HELP = `Runs the WebSocket API of a stack on this machine, from its Terraform.

  serverless-chat-emulator FOLDER [flags]

  FOLDER             contains .tf or .tf.json files, or is the output of CDKTF. A plan
                     in JSON can be passed instead: terraform show -json PLAN > plan.json
  --watch            apply changed Terraform and archives while connections stay open
${VARIABLE_FLAGS_HELP}
${PLAY_FLAGS_HELP}`;

async function run(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2), { allowPositionals: true, ownSwitches: ["watch"] });
  if (commandLine.help) return console.log(HELP);
  const [folder, ...others] = commandLine.positionals;
  if (folder === undefined || others.length > 0) {
    throw new Error(
      `The command line has ${commandLine.positionals.length} folders. Pass one folder that contains .tf or .tf.json files: serverless-chat-emulator FOLDER.`,
    );
  }
  const written = [commandLine.data, commandLine.accessLog].filter((path) => path !== undefined);
  const watch = commandLine.ownSwitches.includes("watch") ? watchStack(folder, written) : undefined;
  await play(folder, { ...commandLine, watch });
}

// The AWS SDK warns about old versions of Node.js. The functions are deployed on Lambda's version, not on this machine's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
try {
  await run();
} catch (fault) {
  // Prints each item of a list on its own line, and everything else on one line.
  console.error((fault as Error).message.replaceAll(/\s*\n(?! {2}- )\s*/g, " "));
  process.exitCode = 1;
}
