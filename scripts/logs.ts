import { setTimeout as pause } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { environments } from "../infra/environments.ts";
import { chooseEnvironment } from "./environment.ts";
import { HELP, readLogsFlags } from "./logs/flags.ts";
import { follow } from "./logs/follow.ts";
import { logGroupsOf } from "./logs/groups.ts";
import { lineOf } from "./logs/log-line.ts";
import { readEvents } from "./logs/read-events.ts";
import { runCommand } from "./run-command.ts";

/** Others read logs too, and share the account's quota: what is throttled is tried again, for minutes. */
const ATTEMPTS_MAX = 12;

/** There is nothing to put in order: whoever has read enough interrupts, or closes the pipe. */
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
