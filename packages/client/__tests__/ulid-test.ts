import { expect } from "chai";
import { lowestIdAt, timeOfId } from "../src/ulid.ts";

/** https://github.com/ulid/javascript#seed-time */
const [TIME, ID] = [1469918176385, "01ARYZ6S41TSV4RRFFQ69G5FAV"];

describe("packages/client/ulid", () => {
  it("reads the time of an id", () => {
    expect(timeOfId(ID)).to.equal(TIME);
  });

  it("returns the lowest id of a time", () => {
    expect(lowestIdAt(TIME)).to.equal("01ARYZ6S410000000000000000");
    expect(lowestIdAt(-1)).to.equal("0".repeat(26));
  });
});
