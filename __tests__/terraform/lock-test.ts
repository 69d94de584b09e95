import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectCopy } from "../support/project-copy.ts";
import { STACK } from "../support/synthesized.ts";
import { succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

/** A machine can have the provider in a folder, but the lock always reads the registry. */
function mirror(): string[] {
  const file = process.env.TF_CLI_CONFIG_FILE;
  const [, folder] = (file && /path = "(.*)"/.exec(readFileSync(file, "utf8"))) || [];
  return folder ? ["--mirror", folder, "--platform", "linux_amd64"] : [];
}

describe("npm run lock", () => {
  let project: TerraformProject;
  let lock: string;

  before(async () => {
    project = terraformProject(projectCopy(), { url: "http://127.0.0.1:9" });
    await succeeds(project.script("lock", ...mirror()));
    lock = readFileSync(join(project.folder, "infra", "provider-lock.hcl"), "utf8");
  });

  it("writes the provider's version and checksums", () => {
    expect(lock)
      .to.match(/provider "registry\.terraform\.io\/hashicorp\/aws" \{\n {2}version +=/)
      .and.include('"h1:');
  });

  it("makes Terraform use only the locked version", async () => {
    await succeeds(project.synthesize());
    expect(await succeeds(project.terraform(STACK, "init", "-input=false", "-lockfile=readonly"))).to.include(
      "Reusing previous version of hashicorp/aws from the dependency lock file",
    );
  });

  it("replaces an existing lock", async () => {
    rmSync(join(project.folder, "infra", "provider-lock.hcl"));
    await succeeds(project.script("lock", ...mirror()));
    expect(readFileSync(join(project.folder, "infra", "provider-lock.hcl"), "utf8")).to.equal(lock);
  });
});
