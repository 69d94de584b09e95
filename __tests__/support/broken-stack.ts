import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { strToU8, zipSync } from "fflate";

type Json = Readonly<Record<string, unknown>>;
export type Resources = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** Writes Terraform JSON with these resources into a folder, and replaces an existing file. */
export function writeStack(folder: string, resource: Resources): void {
  const required = { required_providers: { aws: { source: "aws" } } };
  const stack = { terraform: required, provider: { aws: [{ region: "eu-west-2" }] }, resource };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
}

/** A folder with an archive for functions. */
export function stackFolder(): string {
  const folder = temporaryDirectory();
  writeFileSync(
    join(folder, "function.zip"),
    zipSync({ "index.mjs": strToU8("export const handler = async () => {};") }),
  );
  return folder;
}

export const reference = (address: string): string => `\${${address}}`;

export const role = (name: string, own: Json = {}, service = "lambda.amazonaws.com"): Json => ({
  name,
  assume_role_policy: policy({ Action: "sts:AssumeRole", Principal: { Service: service } }),
  ...own,
});

export const policy = (statement: Json): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

export const lambda = (name: string, roleName: string, own: Json = {}): Json => ({
  function_name: name,
  role: reference(`aws_iam_role.${roleName}.arn`),
  runtime: "nodejs22.x",
  handler: "index.handler",
  filename: "function.zip",
  ...own,
});
