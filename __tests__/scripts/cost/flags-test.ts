import { expect } from "chai";
import { HELP, readCostFlags } from "../../../scripts/cost/flags.ts";

const LOAD = ["--connections", "100", "--hours", "8", "--messages", "50", "--audience", "100"];
const read = (...own: string[]) => readCostFlags([...LOAD, ...own]);

describe("scripts/cost/flags", () => {
  it("reads a load, by default for 30 days", () => {
    const load = { connections: 100, hoursPerDay: 8, messagesPerDay: 50, audience: 100, daysPerMonth: 30 };
    expect(read()).to.deep.equal({ help: false, json: false, load });
    expect(read("--days", "22", "--json")).to.deep.equal({
      help: false,
      json: true,
      load: { ...load, daysPerMonth: 22 },
    });
  });

  it("requires no load with --help, which explains every flag", () => {
    expect(readCostFlags(["--help"])).to.include({ help: true, load: undefined });
    for (const flag of ["connections", "hours", "messages", "audience", "days", "json", "help"]) {
      expect(HELP).to.match(new RegExp(`^  --${flag}\\b`, "m"));
    }
  });

  for (const [flag, value, allowed] of [
    ["--connections", "0", "a whole number from 1 to 1000000"],
    ["--connections", "1.5", "a whole number from 1 to 1000000"],
    ["--hours", "25", "a number from 0.01 to 24"],
    ["--hours", "", "a number from 0.01 to 24"],
    ["--messages", "many", "a number from 0 to 100000"],
    ["--audience", "101", "a whole number from 1 to 100"],
    ["--days", "32", "a whole number from 1 to 31"],
  ] as const) {
    it(`rejects ${flag} "${value}" and names what is allowed`, () => {
      expect(() => read(flag, value)).to.throw(`${flag} is "${value}"; it must be ${allowed}.`);
    });
  }

  it("rejects an incomplete load and unknown flags", () => {
    expect(() => readCostFlags(["--connections", "1"])).to.throw("--hours is missing; it must be");
    expect(() => read("--users", "1")).to.throw("--users");
  });
});
