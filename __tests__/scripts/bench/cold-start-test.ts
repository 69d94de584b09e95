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
  callCpuMilliseconds: 5,
  totalMilliseconds: 50,
  ...own,
});

describe("scripts/bench/cold-start", () => {
  const textbook = start({ by: "textbook", totalMilliseconds: 100 });
  const { tables } = coldStartChapter([textbook, start({}), start({ entry: "join" })]);

  it("compares a function with the textbook function of the same name", () => {
    expect(tables.cold).to.contain("| `connect` | chat | 377,000 | 50 ms | 0.50× | 40 ms | 9.4 ms | 30 ms | 5.0 ms |");
  });

  it("shows no comparison for a function that the textbook does not have", () => {
    expect(tables.cold).to.contain("| `join` | chat | 377,000 | 50 ms |  | 40 ms | 9.4 ms | 30 ms | 5.0 ms |");
  });
});
