import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Terraform would also read any `*.tf`, `*.tfvars` and override file, and run any provider in `.terraform`. */
const ALLOWED =
  /^(cdk\.tf\.json|\.terraform\.lock\.hcl|assets\/[\w./-]+\.(zip|css|html|ico|js|map|png|svg|txt|webmanifest|webp|woff2))$/;

const AWS_PROVIDER = "registry.terraform.io/hashicorp/aws";

/** Returns a sentence for each file of a stack's folder that is not allowed. Throws if the folder does not exist. */
export function fileRefusals(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`The folder ${folder} does not exist. Synthesize the environment first: npm run synth.`);
  }
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory());
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile()) return [`${name} is a link or a device; allowed: regular files.`];
    if (!ALLOWED.test(name))
      return [
        `${name} is not a file of a stack; allowed: cdk.tf.json, the lock, and in assets archives and files of a page.`,
      ];
    return name === ".terraform.lock.hcl" ? lockRefusals(readFileSync(path, "utf8")) : [];
  });
}

const lockRefusals = (lock: string): string[] =>
  [...lock.matchAll(/^\s*provider\s+"(.*)"/gm)]
    .filter(([, provider]) => provider !== AWS_PROVIDER)
    .map(([, provider]) => `.terraform.lock.hcl locks the provider ${provider}; allowed: ${AWS_PROVIDER}.`);
