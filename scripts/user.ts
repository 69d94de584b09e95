import { environments } from "../infra/environments.ts";
import { runCommand } from "./run-command.ts";
import { runUser } from "./user/run.ts";

await runCommand(async () => {
  const isComplete = await runUser(process.argv.slice(2), { environments, print: console.log });
  if (!isComplete) process.exitCode = 1;
});
