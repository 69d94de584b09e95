import { expect } from "chai";
import type { ColdStart } from "../../../benchmarks/cold-start/bench.ts";
import { coldStartChapter } from "../../../scripts/bench/cold-start.ts";

const start = (own: Partial<ColdStart>): ColdStart => ({
  entry: "connect",
  by: "chat",
  bytes: 377_000,
  loadMilliseconds: 40,
  loadCpuMilliseconds: 30,
  callMilliseconds: 9.4,
  ...own,
});

describe("scripts/bench/cold-start", () => {
  const textbook = start({ by: "textbook", loadMilliseconds: 80, loadCpuMilliseconds: 50 });
  const { tables } = coldStartChapter([textbook, start({}), start({ entry: "join" })]);

  it("compares a function with the textbook function of the same name", () => {
    expect(tables.cold).to.contain("| `connect` | chat | 377,000 | 40 ms | 30 ms | 9.4 ms | 50 % | 60 % |");
  });

  it("shows no comparison for a function that the textbook does not have", () => {
    expect(tables.cold).to.contain("| `join` | chat | 377,000 | 40 ms | 30 ms | 9.4 ms |  |  |");
  });
});
