import { expect } from "chai";
import { readCommandLine } from "../../src/terminal/flags.ts";

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
});
