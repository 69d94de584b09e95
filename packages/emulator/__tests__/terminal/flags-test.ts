import { expect } from "chai";
import { readCommandLine } from "../../src/terminal/flags.ts";

const errorOf = (...args: string[]): string => {
  try {
    readCommandLine(args, {});
  } catch (fault) {
    return (fault as Error).message;
  }
  return "no error";
};

describe("terminal/flags", () => {
  const inspectPortOf = (...args: string[]) => readCommandLine(args, {}).inspectPort;

  it("reads --inspect with and without a port", () => {
    expect(inspectPortOf()).to.equal(undefined);
    expect(inspectPortOf("--inspect")).to.equal(9229);
    expect(inspectPortOf("--inspect", "--verbose")).to.equal(9229);
    expect(inspectPortOf("--inspect=0")).to.equal(0);
  });

  it("refuses a port that is not a number, and names its flag", () => {
    expect(() => inspectPortOf("--inspect=here")).to.throw(
      'The value of --inspect is "here". It must be an integer from 0 to 65535.',
    );
  });

  for (const [args, message] of [
    [
      ["--port", "0", "--port", "-1"],
      'The value of --port is missing: "-1" begins with a dash. Pass --port VALUE, or --port=VALUE for a value that begins with a dash.',
    ],
    [
      ["--data"],
      "The value of --data is missing. Pass --data VALUE, or --data=VALUE for a value that begins with a dash.",
    ],
    [["--port=-1"], 'The value of --port is "-1". It must be an integer from 0 to 65535.'],
    [["--prot", "1"], "Unknown option '--prot'. Show the flags with --help."],
    [["--no-iam=no"], "Option '--no-iam' does not take an argument. Show the flags with --help."],
    [["folder"], "Unexpected argument 'folder'. Show the flags with --help."],
  ] as const) {
    it(`explains ${args.join(" ")}`, () => expect(errorOf(...args)).to.equal(message));
  }
});
