import { once } from "node:events";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack } from "@serverless-chat/emulator/testing/fixture-stack";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";
import { run, spawnCommand, startUp, stopped } from "../support/terminal.ts";

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

  it("records a session, and exits with 1 if its replay differs", async () => {
    const folder = guestbook();
    const session = join(temporaryDirectory(), "session.jsonl");
    const { child, url } = await startUp(emulate, folder, "--record", session);
    const client = await connect(url);
    client.send({ action: "sign", room: "1", guest: "anna" });
    await client.next();
    await client.close();
    await stopped(child, "SIGINT");
    const same = await run(emulate, folder, "--port", "0", "--replay", session);
    expect([same.code, same.stdout]).to.deep.equal([
      0,
      "Replayed the session. Frames of the server: 1. Differences: 0.\n",
    ]);
    writeFileSync(session, readFileSync(session, "utf8").replaceAll('[\\"anna\\"]', '[\\"ben\\"]'));
    const changed = await run(emulate, folder, "--port", "0", "--replay", session);
    expect(changed.code).to.equal(1);
    expect(changed.stdout).to.include('line 5, c1\n- ["ben"]\n+ ["anna"]\n');
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

  it("stops like after Ctrl-C when the terminal is closed, and runs $disconnect", async () => {
    const { child, url } = await startUp(emulate, guestbook());
    const client = await connect(url);
    expect(await stopped(child, "SIGHUP")).to.equal(0);
    expect(await client.closed).to.deep.equal({ code: 1001, reason: "Going away" });
  });

  it("starts again with its data after it was killed", async () => {
    const data = join(temporaryDirectory(), "data");
    const first = await startUp(emulate, guestbook(), "--data", data);
    const client = await connect(first.url);
    client.send({ action: "sign", room: "1", guest: "anna" });
    await client.next();
    expect(statSync(data).mode & 0o777).to.equal(0o700);
    await stopped(first.child, "SIGKILL");
    const second = await startUp(emulate, guestbook(), "--data", data);
    const journal = readFileSync(join(data, "connections.jsonl"), "utf8").trim().split("\n");
    expect(journal.map((line) => Object.keys(JSON.parse(line))[0])).to.deep.equal(["opened", "closed"]);
    await stopped(second.child, "SIGINT");
  });

  it("keeps running when the reader of its output ends, and says so once", async () => {
    const { child, url } = await startUp(emulate, guestbook(), "--verbose");
    const errors = text(child.stderr);
    child.stdout.destroy();
    const client = await connect(url);
    for (const guest of ["anna", "ben"]) {
      client.send({ action: "sign", room: "1", guest });
      await client.next();
    }
    await client.close();
    expect(await stopped(child, "SIGINT")).to.equal(0);
    expect(await errors).to.equal(
      "The standard output cannot be written, and logs are no longer shown: write EPIPE. The emulator still runs; Ctrl-C stops it.\n",
    );
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends with ${signal} while its DynamoDB does not respond`, async () => {
      const silent = createServer(() => undefined);
      const asked = once(silent, "request");
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const child = spawnCommand(emulate, [guestbook(), "--port", "0", "--dynamodb", `http://127.0.0.1:${port}`]);
      child.stderr.pipe(process.stderr);
      await asked;
      expect(await stopped(child, signal)).to.equal(0);
      silent.closeAllConnections();
      silent.close();
    });
  }

  describe("fails with one sentence", () => {
    it("if the access log cannot be opened", async () => {
      const { code, stderr } = await run(emulate, guestbook(), "--port", "0", "--access-log", "/none/access.log");
      expect([code, stderr]).to.deep.equal([
        1,
        "The access log cannot be written to /none/access.log: ENOENT: no such file or directory, open '/none/access.log'. Pass a file in an existing folder with --access-log.",
      ]);
    });

    it("without a folder, or with two", async () => {
      for (const folders of [[], ["one", "two"]]) {
        const { code, stderr } = await run(emulate, ...folders);
        expect([code, stderr]).to.deep.equal([
          1,
          `The command line has ${folders.length} folders. Pass one folder that contains .tf or .tf.json files: serverless-chat-emulator FOLDER.`,
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
