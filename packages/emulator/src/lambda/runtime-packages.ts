import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Makes the AWS SDK available to functions, because Lambda's Node.js runtimes include it. No other package can be
 * resolved from the folders of functions, so an archive that lacks a package fails here as in Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function linkRuntimePackages(directory: string): void {
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  const client = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb/package.json");
  // A dependency of the client, not of the emulator, so it must be resolved from the client.
  const core = createRequire(client).resolve("@smithy/core/package.json");
  symlinkSync(scopeOf(client), join(modules, "@aws-sdk"), "junction");
  symlinkSync(scopeOf(core), join(modules, "@smithy"), "junction");
}

/** The folder of all packages of a scope. */
const scopeOf = (manifest: string): string => dirname(dirname(manifest));
