import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Emulator } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { strToU8, zipSync } from "fflate";
import { environment } from "./synthesized.ts";

/** Returns the temporary credentials of its role. */
const CODE = `export const handler = async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});`;

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Adds two roles to a synthesized chat with `publish`: `backend`, with exactly the policy of the output
 * `publish_policy_json`, and `stranger`, with no policy. Each is the role of a function that returns its credentials.
 */
export function addBackendRoles(stackDirectory: string): string {
  const { output } = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8"));
  writeFileSync(join(stackDirectory, "credentials.zip"), zipSync({ "index.mjs": strToU8(CODE) }));
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const role = (name: string) => ({ name, assume_role_policy: JSON.stringify({ Statement: [trust] }) });
  const lambda = (name: string) => ({
    ...{ function_name: name, filename: "credentials.zip", handler: "index.handler", runtime: "nodejs22.x" },
    role: `\${aws_iam_role.${name}.arn}`,
  });
  const resource = {
    aws_iam_role: { backend: role("backend"), stranger: role("stranger") },
    aws_iam_role_policy: {
      backend: { role: "${aws_iam_role.backend.name}", policy: output.publish_policy_json.value },
    },
    aws_lambda_function: { backend: lambda("backend"), stranger: lambda("stranger") },
  };
  writeFileSync(join(stackDirectory, "backend-roles.tf.json"), JSON.stringify({ resource }));
  return stackDirectory;
}

export async function credentialsOf(
  role: "backend" | "stranger",
  { endpointUrl }: Pick<Emulator, "endpointUrl">,
): Promise<RoleCredentials> {
  const lambda = new LambdaClient({
    ...{ region: environment.region, endpoint: endpointUrl, credentials: localCredentials() },
  });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: role }));
  lambda.destroy();
  return JSON.parse(Payload?.transformToString() ?? "");
}
