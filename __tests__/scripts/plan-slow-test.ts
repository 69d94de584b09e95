import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { smallChat } from "../support/small-chat.ts";
import { NODE_FLAGS } from "../support/terminal.ts";

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const table = (recovery_period_in_days: number) => ({
  name: "talk",
  point_in_time_recovery: [{ enabled: true, recovery_period_in_days }],
});

/** A plan as Terraform prints it, in which the window of a table's restore points changes. */
const planOf = (days: readonly [before: number, after: number], own: object = {}): string => {
  const [before, after] = days.map(table);
  const change = { actions: ["update"], before, after };
  const resource = {
    address: "aws_dynamodb_table.talk",
    mode: "managed",
    type: "aws_dynamodb_table",
    name: "talk",
    change,
  };
  return JSON.stringify({ format_version: "1.2", resource_changes: [resource], ...own });
};

/* __tests__/terraform/ has the tests with real plans. */
describe("scripts/plan", () => {
  const { folder } = smallChat();

  const run = (args: readonly string[], PATH = ""): Promise<Printed> =>
    promisify(execFile)(process.execPath, [...NODE_FLAGS, "scripts/plan.ts", ...args], {
      cwd: folder,
      env: { ...process.env, PATH },
    }).then(
      (printed) => ({ code: 0, ...printed }),
      (fault) => fault,
    );

  /** A `terraform` that succeeds at everything and prints this plan. */
  function terraformWith(plan: string): string {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "plan.json"), plan);
    writeFileSync(join(directory, "terraform"), `#!/bin/sh\nexec /bin/cat "${join(directory, "plan.json")}"\n`);
    chmodSync(join(directory, "terraform"), 0o755);
    return directory;
  }

  it("explains itself with --help", async () => {
    expect((await run(["--help"])).stdout).to.match(/^Plans a change with Terraform and says/);
  });

  it("exits with 1 and a link to the download if Terraform is not installed", async () => {
    const { code, stderr } = await run(["--guard"]);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      "terraform is not on the PATH. Install it: https://developer.hashicorp.com/terraform/install\n",
    );
  });

  it("exits with 3 with --guard if restore points are lost, and otherwise with 0", async () => {
    const [lost, kept] = [
      await run(["--guard"], terraformWith(planOf([35, 1]))),
      await run(["--guard"], terraformWith(planOf([1, 35]))),
    ];
    expect(lost.stdout).to.include("restore points older than 1 day will be lost");
    expect([lost.code, kept.code]).to.deep.equal([3, 0]);
  });

  it("exits with 1 for a plan format of another major version", async () => {
    const { code, stdout, stderr } = await run(["--guard"], terraformWith(planOf([35, 1], { format_version: "2.0" })));
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.include('The plan has the format version "2.0". This review reads versions 1.x');
  });
});
