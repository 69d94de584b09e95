import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Makes the AWS SDK resolvable for functions, because the Node.js runtimes of Lambda include it. No other package is
 * resolvable from the folders of functions, so an archive that lacks a package fails as it does in Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function linkRuntimePackages(directory: string): void {
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  const client = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb/package.json");
  // A dependency of the client, and not of the emulator: it is resolved from there.
  const core = createRequire(client).resolve("@smithy/core/package.json");
  symlinkSync(scopeOf(client), join(modules, "@aws-sdk"), "junction");
  symlinkSync(scopeOf(core), join(modules, "@smithy"), "junction");
}

/** The folder of all packages of a scope. */
const scopeOf = (manifest: string): string => dirname(dirname(manifest));
