import { expect } from "chai";
import { methodChapter } from "../../../scripts/bench/method.ts";

const RUN = {
  at: new Date("2026-11-28T23:59:00Z"),
  command: "npm run bench",
  node: "20.20.0",
  coldNode: "22.23.2",
  platform: "linux",
  cores: ["AMD EPYC  ", "AMD EPYC"],
  loadBefore: 0.25,
};

describe("scripts/bench/method", () => {
  const { tables } = methodChapter(RUN, [
    { megabytes: 1_769, share: 1, cpuMilliseconds: 50, withLimit: 51, withoutLimit: 49.6 },
    { megabytes: 512, share: 0.289, cpuMilliseconds: 50, withLimit: 180, withoutLimit: 50 },
  ]);

  it("names the machine, its load, the command and the versions of Node.js", () => {
    expect(tables.run).to.equal(
      "28 November 2026, `npm run bench`, Node.js 20.20.0, cold starts with 22.23.2, linux, 2 cores (AMD EPYC), load average before the run 0.3.\n",
    );
  });

  it("shows how long a computation should take and takes", () => {
    expect(tables.shares)
      .to.contain("| 1,769 MB | 1.000 | 50 ms | 51 ms | 50 ms |")
      .and.contain("| 512 MB | 0.289 | 173 ms | 180 ms | 50 ms |");
  });
});
