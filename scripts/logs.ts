import { setTimeout as pause } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { environments } from "../infra/environments.ts";
import { HELP, readLogsFlags } from "./logs/flags.ts";
import { follow, lineOf, logGroupsOf, readEvents } from "./logs/follow.ts";
import { chooseEnvironment, runCommand } from "./run-command.ts";

/** All readers of logs in an account share a quota. The SDK retries throttled requests, for minutes. */
const ATTEMPTS_MAX = 12;

// The command runs until Ctrl-C or until its output is closed, as by `head`. Neither is an error.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit());
process.stdout.on("error", () => process.exit());

await runCommand(async () => {
  const { help, filter, sinceMilliseconds, ...flags } = readLogsFlags(process.argv.slice(2));
  if (help) return console.log(HELP);
  const environment = chooseEnvironment(flags.environment, environments);
  const client = new CloudWatchLogsClient({ region: environment.region, maxAttempts: ATTEMPTS_MAX });
  const followed = { groups: logGroupsOf(environment), since: Date.now() - sinceMilliseconds, filter };
  const ports = { read: readEvents(client), now: Date.now, pause };
  for await (const event of follow(ports, followed)) console.log(lineOf(event));
});
