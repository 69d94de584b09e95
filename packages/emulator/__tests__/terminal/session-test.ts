import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readSession, recordTo } from "../../src/terminal/session.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe("terminal/session", () => {
  it("records to a file that only its owner can read, also if it existed", () => {
    const path = join(temporaryDirectory(), "session.jsonl");
    writeFileSync(path, "old");
    chmodSync(path, 0o644);
    const { observe, stop } = recordTo(path);
    observe({ kind: "scheduled", name: "hourly" });
    stop();
    observe({ kind: "scheduled", name: "later" });
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readFileSync(path, "utf8")).to.equal('{"recording":1}\n{"at":0,"event":"schedule","name":"hourly"}\n');
    expect(readSession(path)).to.include("hourly");
  });

  it("refuses files that cannot be written, read or replayed, before anything starts", () => {
    const path = join(temporaryDirectory(), "none", "session.jsonl");
    expect(() => recordTo(path)).to.throw(/^The session cannot be recorded to .*Pass a file in an existing folder/);
    expect(() => readSession(path)).to.throw(/^The session cannot be replayed from .*no such file/);
  });
});
