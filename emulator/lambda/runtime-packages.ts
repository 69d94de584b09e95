import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * A package of each scope that Lambda's Node.js runtime brings along, as far as this project has them.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
const RUNTIME_PACKAGES = ["@aws-sdk/client-dynamodb", "@smithy/core"];

/**
 * Puts the SDK above the folders of functions, where Node.js looks for what an archive lacks. Nothing else of this
 * project can be reached from there: an archive that forgot a package fails here as it would deployed.
 */
export function linkRuntimePackages(directory: string): void {
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  for (const name of RUNTIME_PACKAGES) {
    const scope = dirname(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)));
    symlinkSync(scope, join(modules, dirname(name)), "junction");
  }
}
