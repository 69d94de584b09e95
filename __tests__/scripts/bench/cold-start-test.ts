import { expect } from "chai";
import type { ColdStart } from "../../../benchmarks/cold-start/bench.ts";
import { coldChapter } from "../../../scripts/bench/cold-start.ts";

const start = (own: Partial<ColdStart>): ColdStart => ({
  entry: "connect",
  by: "chat",
  bytes: 377_000,
  loadMilliseconds: 40,
  loadCpuMilliseconds: 30,
  callMilliseconds: 9.4,
  ...own,
});

describe("the chapter on cold starts", () => {
  const textbook = start({ by: "textbook", loadMilliseconds: 80, loadCpuMilliseconds: 50 });
  const { sections } = coldChapter([textbook, start({}), start({ entry: "join" })]);

  it("sets a function against the textbook's of the same name", () => {
    expect(sections.cold).to.contain("| `connect` | chat | 377,000 | 40 ms | 30 ms | 9.4 ms | 50 % | 60 % |");
  });

  it("sets none against those that the textbook lacks", () => {
    expect(sections.cold).to.contain("| `join` | chat | 377,000 | 40 ms | 30 ms | 9.4 ms |  |  |");
  });
});
