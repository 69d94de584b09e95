import { expect } from "chai";
import { frameMilliseconds, judge } from "../../chat/message-rate.ts";
import { NOON } from "../support/builders.ts";

const RATE = { perSecond: 5, burst: 3 };

/** What becomes of frames that come at these milliseconds after noon. */
function verdicts(times: readonly number[]): string[] {
  let fullAt = 0;
  return times.map((time) => {
    fullAt = Math.max(fullAt, NOON + time) + frameMilliseconds(RATE);
    return judge(fullAt, NOON + time, RATE);
  });
}

describe("chat/message-rate", () => {
  it("takes a burst, tells once that it is too much, and has no more words", () => {
    expect(verdicts([0, 0, 0, 0, 0, 0])).to.deep.equal([
      ...["taken", "taken", "taken"],
      "refused",
      ...["flooding", "flooding"],
    ]);
  });

  it("takes as many as it says in a second, for as long as one likes", () => {
    const steady = Array.from({ length: 100 }, (_, index) => index * 200);
    expect(new Set(verdicts(steady))).to.deep.equal(new Set(["taken"]));
  });

  it("takes again from who has waited", () => {
    expect(verdicts([0, 0, 0, 0, 1000, 1000])).to.deep.equal(
      [..."ttt"].map(() => "taken").concat("refused", "taken", "taken"),
    );
  });

  it("saves up no more than a burst", () => {
    expect(verdicts([0, 60_000, 60_000, 60_000, 60_000]).slice(1)).to.deep.equal([
      "taken",
      "taken",
      "taken",
      "refused",
    ]);
  });
});
