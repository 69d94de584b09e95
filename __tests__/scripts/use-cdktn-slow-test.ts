import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { toolkitOf } from "../../scripts/use-cdktn/rewrite.ts";
import { repositoryCopy, synthesize } from "../support/project-copy.ts";
import { run } from "../support/terminal.ts";

/** The files of a synth by name: its Terraform without what may differ between the toolkits, and its archives. */
function terraformOf(out: string): Readonly<Record<string, unknown>> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith("manifest.json"));
  return Object.fromEntries(
    named.map((path) => {
      const name = path.slice(out.length);
      if (!path.endsWith("cdk.tf.json")) return [name, readFileSync(path, "base64")];
      const { "//": metadata, ...configuration } = JSON.parse(readFileSync(path, "utf8"));
      configuration.terraform.required_providers.aws.source = "hashicorp/aws";
      const { version, ...kept } = metadata.metadata;
      return [name, { kept, configuration }];
    }),
  );
}

const versionOf = (out: string): string =>
  JSON.parse(readFileSync(join(out, "stacks/chat-dev/cdk.tf.json"), "utf8"))["//"].metadata.version;

describe("npm run use-cdktn", () => {
  it("leaves the Terraform as it is, except for the toolkit's version and the form of the provider's source", async () => {
    const copy = repositoryCopy();
    const before = synthesize(copy);
    const manifest = () => readFileSync(join(copy, "package.json"), "utf8");
    const back = toolkitOf(manifest()) === "cdktn" ? ["--back"] : [];
    expect((await run({ cwd: copy, script: "scripts/use-cdktn.ts" }, "--no-install", ...back)).stderr).to.equal("");

    // Only infra/ imports these packages, so they are installed there: the copy shares node_modules with the repository.
    const { devDependencies } = JSON.parse(manifest());
    const toolkit = toolkitOf(manifest());
    const packages = [toolkit, `@${toolkit}/provider-aws`, "constructs"].map(
      (name) => `${name}@${devDependencies[name]}`,
    );
    const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", join(copy, "infra")];
    await promisify(execFile)("npm", ["install", ...flags, ...packages], { cwd: copy });

    const after = synthesize(copy);
    expect(versionOf(after)).to.equal(devDependencies[toolkit]).and.not.to.equal(versionOf(before));
    expect(terraformOf(after)).to.deep.equal(terraformOf(before));
  });
});
