import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App, TerraformStack } from "cdktf";
import { expect } from "chai";
import { lockProvider } from "../../infra/terraform.ts";

const STACKS = ["first", "second"];

/** The lock of each stack after `lockProvider`. */
function locksOf(lock: string): (string | undefined)[] {
  const app = new App({ outdir: temporaryDirectory() });
  for (const id of STACKS) new TerraformStack(app, id);
  app.synth();
  lockProvider(app, lock);
  return STACKS.map((id) => join(app.outdir, "stacks", id, ".terraform.lock.hcl")).map((path) =>
    existsSync(path) ? readFileSync(path, "utf8") : undefined,
  );
}

/* __tests__/main-test.ts tests that main.ts locks the provider. */
describe("infra/provider-lock", () => {
  it("is copied next to the Terraform of each stack", () => {
    const lock = join(temporaryDirectory(), "lock.hcl");
    writeFileSync(lock, "# locked");
    expect(locksOf(lock)).to.deep.equal(["# locked", "# locked"]);
  });

  it("is optional: without it, Terraform chooses the version", () => {
    expect(locksOf(join(temporaryDirectory(), "lock.hcl"))).to.deep.equal([undefined, undefined]);
  });
});
