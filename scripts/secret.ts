import { buffer } from "node:stream/consumers";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { environments } from "../infra/environments.ts";
import { secretName } from "../infra/names.ts";
import { runCommand } from "./run-command.ts";
import { HELP, readCredential, readSecretFlags, secretsManagerAt } from "./secret/flags.ts";

await runCommand(async () => {
  const flags = readSecretFlags(process.argv.slice(2), environments);
  if (flags.help) return console.log(HELP);
  const { environment, service, endpoint } = flags;
  const SecretId = secretName(environment, service.key);
  if (process.stdin.isTTY) throw new Error(`The secret would be visible on this terminal. ${flags.remedy}`);
  const SecretString = readCredential(service, (await buffer(process.stdin)).toString("utf8"));
  const client = secretsManagerAt({ region: environment.region, endpoint });
  await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  console.log(`${SecretId} is set. To check it, send {"message":"${service.key}","data":"status"} in the chat.`);
});
