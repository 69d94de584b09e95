import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { exportPage } from "../../../scripts/user/export.ts";
import { Progress } from "../../../scripts/user/progress.ts";
import type { Item } from "../../../scripts/user/relations.ts";
import { type Scan, scanAll } from "../../../scripts/user/scan.ts";

const JOB = { command: "export", user: "anna", table: "chat-dev-table", place: "eu-west-2" };

const messageAt = (sk: number): Item => ({
  pk: "LOG#ops",
  sk: String(sk).padStart(26, "0"),
  from: "anna",
  data: `text ${sk}`,
});

/** A table of messages with one item on a page. Every third item is in the same segment. */
const scanOfMessages =
  (count: number, failAt?: number): Scan =>
  async ({ segment, segments, after }) => {
    const sk = after ? Number(after.sk) + segments : segment;
    if (sk === failAt) throw new Error("The connection was reset.");
    if (sk >= count) return { items: [] };
    const item = messageAt(sk);
    return { items: [item], next: { pk: item.pk, sk: item.sk } };
  };

describe("scripts/user/progress", () => {
  const setUp = () => {
    const folder = temporaryDirectory();
    return { file: join(folder, "progress.json"), output: join(folder, "export.jsonl"), job: JOB };
  };
  const exportAll = exportPage({ user: "anna", isAuthenticated: true });

  it("continues an interrupted run after the last page of each segment, with each item once", async () => {
    const files = setUp();
    const interrupted = new Progress({ ...files, resume: false, segments: 3 });
    expect(await rejection(scanAll(scanOfMessages(50, 34), interrupted, exportAll))).to.equal(
      "The connection was reset.",
    );
    expect(interrupted.positions, "the other segments stop").to.not.include("end");
    // A process that is killed while it writes leaves a part of a line.
    appendFileSync(files.output, '{"kind":"mess');
    const resumed = new Progress({ ...files, resume: true, segments: 1 });
    await scanAll(scanOfMessages(50), resumed, exportAll);
    resumed.end("the end\n");
    const lines = readFileSync(files.output, "utf8").trimEnd().split("\n");
    expect(lines.pop()).to.equal("the end");
    const expected = Array.from({ length: 50 }, (_, index) => messageAt(index));
    expect(lines.map((line) => JSON.parse(line).item)).to.have.deep.members(expected);
    expect(resumed.counts).to.deep.equal({ "messages of the user": 50 });
    expect(existsSync(files.file)).to.equal(false);
  });

  it("continues a run that was interrupted before its first page", async () => {
    const files = setUp();
    const interrupted = new Progress({ ...files, resume: false, segments: 1 });
    await rejection(scanAll(scanOfMessages(3, 0), interrupted, exportAll));
    const resumed = new Progress({ ...files, resume: true, segments: 1 });
    await scanAll(scanOfMessages(3), resumed, exportAll);
    expect(resumed.counts).to.deep.equal({ "messages of the user": 3 });
  });

  it("refuses to resume an export whose file is missing or was shortened", () => {
    const files = setUp();
    const progress = new Progress({ ...files, resume: false, segments: 1 });
    progress.commit(0, { pk: "USER#anna", sk: "#NAME" }, { counts: {}, text: "a line\n" });
    const resume = () => new Progress({ ...files, resume: true, segments: 1 });
    writeFileSync(files.output, "a");
    expect(resume).to.throw("export.jsonl has 1 bytes, and 7 bytes were written. Restore the file, or delete both");
    rmSync(files.output);
    expect(resume).to.throw("export.jsonl does not exist");
  });

  it("remembers whether the user was banned each time that the run started", () => {
    const start = (bans: readonly boolean[]) => {
      const { output: _, ...files } = setUp();
      const starts = bans.map((isBanned, index) => {
        return new Progress({ ...files, resume: index > 0, segments: 1, isBanned });
      });
      return starts.at(-1)?.wasBanned;
    };
    expect(start([true, true])).to.equal(true);
    expect(start([false, true])).to.equal(false);
    expect(start([true, false, true])).to.equal(false);
  });

  it("keeps its files from other users of the machine", async () => {
    const files = setUp();
    const progress = new Progress({ ...files, resume: false, segments: 1 });
    progress.commit(0, { pk: "USER#anna", sk: "#NAME" }, { counts: {}, text: "a\n" });
    expect([files.file, files.output].map((path) => statSync(path).mode % 0o1000)).to.deep.equal([0o600, 0o600]);
  });

  it("explains an interrupted run, an existing export, and a run that cannot be resumed", () => {
    const files = setUp();
    const open = (resume: boolean, job = JOB) => new Progress({ ...files, job, resume, segments: 1 });
    expect(() => open(true)).to.throw("There is no interrupted run in");
    const progress = open(false);
    progress.commit(0, "end", { counts: {} });
    expect(() => open(false)).to.throw("An earlier run was interrupted");
    expect(() => open(true, { ...JOB, place: "http://127.0.0.1:40001" })).to.throw(
      "is of export on chat-dev-table in eu-west-2, and this one of export on chat-dev-table in http://127.0.0.1:40001.",
    );
    progress.end();
    expect(() => open(false)).to.throw("exists. Move or delete it, or pass another folder with --folder.");
  });
});
