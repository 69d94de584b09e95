import { environments } from "../infra/environments.ts";
import { COMMANDS_HELP } from "./chat/commands.ts";
import { CHAT_FLAGS_HELP, readFlags } from "./chat/flags.ts";
import { runTerminal } from "./chat/run-terminal.ts";
import { runCommand } from "./run-command.ts";

/** The URL that `npm start` prints. */
const LOCAL_URL = `ws://127.0.0.1:3001/${environments[0]?.stageName}`;

const HELP = `Opens the chat in this terminal.

  npm run chat -- [URL] [flags]

  URL                the websocket_url of a deployed chat (${LOCAL_URL}, the chat of npm start)
${CHAT_FLAGS_HELP}

  ${COMMANDS_HELP.join("\n  ")}

In a pipe, each line is sent or run as a command. Messages go to standard output, everything else to standard error.`;

await runCommand(async () => {
  const flags = readFlags(process.argv.slice(2), LOCAL_URL);
  if (flags.help) return console.log(HELP);
  const { stdin: input, stdout: output, stderr: errors } = process;
  await runTerminal(flags, { input, output, errors });
});
