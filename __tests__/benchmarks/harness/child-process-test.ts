import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { endChild, request, startChild } from "../../../benchmarks/harness/child-process.ts";

/** A process that runs this code for each message. */
function childRunning(body: string) {
  const file = join(temporaryDirectory(), "child.mjs");
  writeFileSync(file, `process.on("message", (message) => { ${body} });`);
  return startChild(pathToFileURL(file), [], { flags: [], variables: { NAME: "own" } });
}

describe("benchmarks/harness/child-process", () => {
  it("responds to one request after the other, with its own environment variables", async () => {
    const child = childRunning("process.send([message, process.env.NAME, process.env.HOME])");
    expect(await request(child, 1)).to.deep.equal([1, "own", null]);
    expect(await request(child, 2)).to.deep.equal([2, "own", null]);
    await endChild(child);
  });

  it("rejects if the process exits without a response", async () => {
    expect(await rejection(request(childRunning("process.exit(7)"), 1))).to.match(
      /child\.mjs exited with 7 before it sent a message\.$/,
    );
  });

  it("kills a process that does not respond in time", async () => {
    const child = childRunning("");
    expect(await rejection(request(child, 1, 0.2))).to.contain("abort");
    await endChild(child);
    expect(child.signalCode).to.equal("SIGKILL");
  });
});
