import { realPorts } from "../client/real-ports.ts";
import { chat } from "../client/terminal/chat.ts";
import { COMMANDS_HELP } from "../client/terminal/commands.ts";
import { CHAT_FLAGS_HELP, readFlags } from "../client/terminal/flags.ts";
import { environments } from "../infra/environments.ts";
import { runCommand } from "./run-command.ts";

/** The address that `npm start` prints. */
const OWN_URL = `ws://127.0.0.1:3001/${environments[0]?.stageName}`;

const HELP = `Opens the chat in this terminal.

  npm run chat -- [URL] [flags]

  URL                the websocket_url of a deployed chat (${OWN_URL}, the chat of npm start)
${CHAT_FLAGS_HELP}

  ${COMMANDS_HELP.join("\n  ")}

In a pipe, each line is sent or run as a command. Messages go to standard output, everything else to standard error.`;

await runCommand(async () => {
  const flags = readFlags(process.argv.slice(2), OWN_URL);
  if (flags.help) return console.log(HELP);
  const { stdin: input, stdout: output, stderr: errors } = process;
  await chat(flags, { ports: realPorts, streams: { input, output, errors } });
});
