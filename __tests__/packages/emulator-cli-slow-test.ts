import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack } from "@serverless-chat/emulator/testing/fixture-stack";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";
import { run, startUp, stopped } from "../support/terminal.ts";

const GUESTBOOK = fileURLToPath(new URL("../fixtures/guestbook", import.meta.url));

/** A stack without any part of this project: hand-written Terraform, CommonJS, a table with other keys. */
function guestbook(): string {
  const folder = join(temporaryDirectory(), "guestbook");
  cpSync(GUESTBOOK, folder, { recursive: true });
  return folder;
}

const emulate = { cwd: ROOT, script: "packages/emulator/src/cli.ts" };

describe("packages/emulator, the command", () => {
  it("runs a stack of another project", async () => {
    const data = temporaryDirectory();
    const folder = guestbook();
    for (const [guest, guests] of [
      ["anna", ["anna"]],
      ["ben", ["anna", "ben"]],
    ] as const) {
      const { child, url, printed } = await startUp(emulate, folder, "--data", data);
      expect(printed).to.include("guestbook is up.").and.include('{"action":"sign"}');
      const client = await connect(url);
      client.send({ action: "sign", room: "1", guest });
      expect(JSON.parse(await client.next())).to.deep.equal(guests);
      await client.close();
      expect(await stopped(child, "SIGINT")).to.equal(0);
    }
  });

  it("explains its flags with --help", async () => {
    const { code, stdout } = await run(emulate, "--help");
    expect(code).to.equal(0);
    for (const flag of ["FOLDER", "--port N", "--data DIR", "--no-iam", "--no-throttle", "--verbose"]) {
      expect(stdout).to.include(flag);
    }
  });

  it("prints what is not checked, and logs invocations with --verbose", async () => {
    const { child, url, printed, output } = await startUp(
      emulate,
      guestbook(),
      "--no-iam",
      "--no-throttle",
      "--verbose",
    );
    expect(printed).to.include("Not checked    signatures, policies, permissions, throttle");
    const client = await connect(url);
    client.send({ action: "sign", room: "1", guest: "anna" });
    await client.next();
    await client.close();
    await stopped(child, "SIGTERM");
    expect(await output).to.match(
      /guestbook START RequestId: .*\n.*guestbook END RequestId: .*\n.*guestbook REPORT RequestId/,
    );
  });

  describe("fails with one sentence", () => {
    it("without a folder, or with two", async () => {
      for (const folders of [[], ["one", "two"]]) {
        const { code, stderr } = await run(emulate, ...folders);
        expect([code, stderr]).to.deep.equal([
          1,
          `The command line has ${folders.length} folders. Pass one folder that contains cdk.tf.json or main.tf.json: serverless-chat-emulator FOLDER.`,
        ]);
      }
    });

    it("if the folder contains no stack", async () => {
      const { code, stderr } = await run(emulate, temporaryDirectory());
      expect(code).to.equal(1);
      expect(stderr).to.match(/is not a folder\.|contains no Terraform\./);
    });
  });

  it("prints each reason to refuse a stack on its own line", async () => {
    const resources = { aws_sqs_queue: { a: { name: "a b" }, b: { name: "c d" } } };
    const { code, stderr } = await run(emulate, fixtureStack({ resources }));
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^The emulator refuses the stack for 2 reasons:\n {2}- aws_sqs_queue\.a: .*\n {2}- aws_sqs_queue\.b: .*$/,
    );
  });
});
