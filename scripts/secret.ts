import { buffer } from "node:stream/consumers";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { environments } from "../infra/environments.ts";
import { secretName } from "../infra/names.ts";
import { runCommand } from "./run-command.ts";
import { clientAt } from "./secret/client.ts";
import { readCredential } from "./secret/credential.ts";
import { HELP, readSecretFlags } from "./secret/flags.ts";

await runCommand(async () => {
  const flags = readSecretFlags(process.argv.slice(2), environments);
  if (flags.help) return console.log(HELP);
  const { environment, service, endpoint } = flags;
  const SecretId = secretName(environment, service.key);
  if (process.stdin.isTTY) throw new Error(`Nothing is typed here, where it would be seen. ${flags.remedy}`);
  const SecretString = readCredential(service, (await buffer(process.stdin)).toString("utf8"));
  const client = clientAt({ region: environment.region, endpoint });
  await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  console.log(`${SecretId} is set. Say {"message":"${service.key}","data":"status"} in the chat.`);
});
