import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { ask, endChild, startChild } from "../../../benchmarks/harness/child-process.ts";
import { rejection } from "../../support/rejection.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** A process that does this with what it is asked. */
function aChild(body: string) {
  const file = join(temporaryDirectory(), "child.mjs");
  writeFileSync(file, `process.on("message", (question) => { ${body} });`);
  return startChild(pathToFileURL(file), [], { flags: [], variables: { NAME: "own" } });
}

describe("a process of a benchmark", () => {
  it("answers one question after the other, with variables of its own", async () => {
    const child = aChild("process.send([question, process.env.NAME, process.env.HOME])");
    expect(await ask(child, 1)).to.deep.equal([1, "own", null]);
    expect(await ask(child, 2)).to.deep.equal([2, "own", null]);
    await endChild(child);
  });

  it("that ends in place of an answer is told of", async () => {
    expect(await rejection(ask(aChild("process.exit(7)"), 1))).to.match(/child\.mjs ended with 7 and said nothing\.$/);
  });

  it("that says nothing in time is ended", async () => {
    const child = aChild("");
    expect(await rejection(ask(child, 1, 0.2))).to.contain("abort");
    await endChild(child);
    expect(child.signalCode).to.equal("SIGKILL");
  });
});
