import { expect } from "chai";
import { HELP, readLogsFlags } from "../../../scripts/logs/flags.ts";

describe("scripts/logs/flags", () => {
  it("starts ten minutes ago, in the first environment, without a filter", () => {
    expect(readLogsFlags([])).to.deep.equal({
      help: false,
      environment: undefined,
      sinceMilliseconds: 600_000,
      filter: undefined,
    });
  });

  for (const [since, milliseconds] of [
    ["30s", 30_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ] as const) {
    it(`reads --since ${since}`, () => {
      expect(readLogsFlags(["--since", since]).sinceMilliseconds).to.equal(milliseconds);
    });
  }

  for (const since of ["", "10", "10 m", "-1m", "yesterday"]) {
    it(`rejects --since "${since}" and names what is allowed`, () => {
      expect(() => readLogsFlags([`--since=${since}`])).to.throw(
        `--since is "${since}"; it must be a number with s, m, h or d, such as 10m.`,
      );
    });
  }

  it("explains every flag", () => {
    for (const flag of ["environment", "since", "filter", "help"])
      expect(HELP).to.match(new RegExp(`^  --${flag}\\b`, "m"));
  });
});
