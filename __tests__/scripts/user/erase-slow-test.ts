import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { ulid } from "ulid";
import { erasePage } from "../../../scripts/user/erase.ts";
import { exportPage } from "../../../scripts/user/export.ts";
import { Progress } from "../../../scripts/user/progress.ts";
import { scanAll } from "../../../scripts/user/scan.ts";
import { WritePace } from "../../../scripts/user/write-pace.ts";
import { RETENTION_DAYS } from "../../support/memory.ts";
import { PlainTable } from "../../support/plain-table.ts";

const MESSAGES = 100_000;
const NOW = Date.now();
/** As in a scan of DynamoDB. */
const PAGE_ITEMS = 1_000;
const ANNA = { user: "anna", isAuthenticated: true };

describe("scripts/user with 100,000 messages", () => {
  let table: PlainTable;
  let folder: string;
  beforeEach(() => {
    folder = temporaryDirectory();
    table = new PlainTable(PAGE_ITEMS);
    const ttl = Math.floor(NOW / 1000) + 3_600;
    for (let index = 0; index < MESSAGES; index += 1) {
      const from = index % 4 === 0 ? "ben" : "anna";
      const sk = ulid(NOW - MESSAGES + index, () => 0);
      table.put({ pk: `LOG#channel-${index % 10}`, sk, from, author: `USER#${from}`, data: `text ${index}`, ttl });
    }
  });

  const progressOf = (command: string, resume: boolean) =>
    new Progress({
      file: join(folder, "progress.json"),
      job: { command, user: "anna", table: table.name, place: "here" },
      ...{ resume, segments: 1 },
      ...(command === "export" && { output: join(folder, "export.jsonl") }),
    });

  it("erases all of them, although it is interrupted twice", async () => {
    const settings = { retentionDays: RETENTION_DAYS, storesReactions: false, checksBans: false };
    const pace = new WritePace({ unitsPerSecond: 1, elapsed: () => NOW, pause: async () => undefined });
    const options = { ...settings, table, subject: ANNA, now: Date.now, dryRun: false, pace };
    let writes = 0;
    table.beforeWrite = () => {
      writes += 1;
      if (writes === 70_000 || writes === 150_000) throw new Error("The network failed.");
    };
    for (const resume of [false, true]) {
      const run = scanAll(table.scan, progressOf("erase", resume), erasePage(options));
      expect(await rejection(run)).to.equal("The network failed.");
    }
    const last = progressOf("erase", true);
    await scanAll(table.scan, last, erasePage(options));
    last.end();
    const items = [...table.items.values()];
    const recorded = new Set(items.flatMap(({ change, message }) => (change === "deleted" ? [message] : [])));
    const messages = items.filter(({ change }) => change === undefined);
    expect(messages).to.have.length(MESSAGES);
    const isErased = (item: object) =>
      "deleted" in item && "data" in item && item.data === "" && !("author" in item && item.author);
    const erased = messages.filter(isErased);
    expect(erased).to.have.length((MESSAGES * 3) / 4);
    expect(erased.every(({ sk }) => recorded.has(sk))).to.equal(true);
    expect(messages.filter(({ from, data }) => from === "ben" && data !== "")).to.have.length(MESSAGES / 4);
    // Interruptions repeat at most the messages that were being erased at the time.
    expect(items.length - MESSAGES - recorded.size).to.be.within(0, 32);
    const again = progressOf("erase", false);
    await scanAll(table.scan, again, erasePage(options));
    expect(again.counts).to.deep.equal({});
  });

  it("exports each of them once, although it is interrupted", async () => {
    let pages = 0;
    const failing: typeof table.scan = (request) => {
      pages += 1;
      return pages === 9 ? Promise.reject(new Error("The network failed.")) : table.scan(request);
    };
    expect(await rejection(scanAll(failing, progressOf("export", false), exportPage(ANNA)))).to.equal(
      "The network failed.",
    );
    await scanAll(table.scan, progressOf("export", true), exportPage(ANNA));
    const lines = readFileSync(join(folder, "export.jsonl"), "utf8").trimEnd().split("\n");
    expect(new Set(lines).size)
      .to.equal(lines.length)
      .and.equal((MESSAGES * 3) / 4);
  });
});
