import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import type { PublishResult } from "../chat/protocol/publishing.ts";
import { environments } from "../infra/environments.ts";
import { awsName } from "../infra/names.ts";
import { runCommand } from "./run-command.ts";
import { HELP, readSayFlags } from "./say/flags.ts";

await runCommand(async () => {
  const flags = readSayFlags(process.argv.slice(2), environments);
  if (flags.help) return console.log(HELP);
  const { environment, message, endpoint } = flags;
  // A request that the SDK retries has the same id, so the message is sent once.
  const lambda = new LambdaClient({
    region: environment.region,
    ...(endpoint !== undefined && { endpoint, credentials: localCredentials() }),
  });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: awsName(environment, "publish"),
      Payload: JSON.stringify({ messages: [message] }),
    }),
  );
  const text = Payload?.transformToString() ?? "";
  if (FunctionError) throw new Error(`The function publish failed: ${text}. Its log has the details: npm run logs.`);
  console.log(messageIdIn(text));
});

/** The id of the only message of a request. Throws if it was not sent. */
function messageIdIn(response: string): string {
  const result: PublishResult = JSON.parse(response);
  const outcome = "error" in result ? result : result.outcomes[0];
  if (outcome && "messageId" in outcome) return outcome.messageId;
  throw new Error(`The message was not sent: ${outcome?.error.message} (${outcome?.error.code})`);
}
