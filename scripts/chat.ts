import { realPorts } from "../client/real-ports.ts";
import { chat } from "../client/terminal/chat.ts";
import { COMMANDS_HELP } from "../client/terminal/commands.ts";
import { CHAT_FLAGS_HELP, readFlags } from "../client/terminal/flags.ts";
import { environments } from "../infra/environments.ts";
import { runCommand } from "./run-command.ts";

/** What `npm start` prints. */
const OWN_URL = `ws://127.0.0.1:3001/${environments[0]?.stageName}`;

const HELP = `Opens the chat in this terminal.

  npm run chat -- [URL] [flags]

  URL                a deployed chat's websocket_url (${OWN_URL}, which npm start plays)
${CHAT_FLAGS_HELP}

  ${COMMANDS_HELP.join("\n  ")}

In a pipe, each line is said or obeyed; what is heard goes to the output, all else to the errors.`;

await runCommand(async () => {
  const flags = readFlags(process.argv.slice(2), OWN_URL);
  if (flags.help) return console.log(HELP);
  const { stdin: input, stdout: output, stderr: errors } = process;
  await chat(flags, { ports: realPorts, streams: { input, output, errors } });
});
