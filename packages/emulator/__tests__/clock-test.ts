import { expect } from "chai";
import { containedClock, containment } from "../src/boundary.ts";
import { MovableClock, realClock } from "../src/clock.ts";
import { EmulatedTime } from "../src/emulated-time.ts";
import { ManualClock } from "../src/testing/manual-clock.ts";

const HOUR = 60 * 60_000;

describe("a clock that can be moved", () => {
  const setUp = () => {
    const base = new ManualClock();
    const time = new EmulatedTime();
    const clock = new MovableClock(base, time);
    const calls: string[] = [];
    const schedule = (milliseconds: number, name: string) => clock.after(milliseconds, () => calls.push(name));
    return { base, time, clock, calls, schedule };
  };

  it("moves its time and that of threads, and keeps following its base", () => {
    const { base, time, clock } = setUp();
    const [now, elapsed] = [clock.now(), clock.elapsed()];
    clock.advance(HOUR);
    base.advance(5);
    expect([clock.now() - now, clock.elapsed() - elapsed]).to.deep.equal([HOUR + 5, HOUR + 5]);
    expect(new EmulatedTime(time.buffer).movedBy()).to.equal(HOUR);
  });

  it("makes the calls that become due, in order, and the others when the rest of their delay has passed", () => {
    const { base, clock, calls, schedule } = setUp();
    schedule(2 * HOUR, "later");
    schedule(30, "second");
    schedule(20, "first");
    schedule(40, "canceled")();
    clock.advance(HOUR);
    expect(calls).to.deep.equal(["first", "second"]);
    base.advance(HOUR - 1);
    expect(calls).to.have.length(2);
    base.advance(1);
    expect(calls).to.deep.equal(["first", "second", "later"]);
    base.advance(9 * HOUR);
    expect(calls, "once").to.have.length(3);
  });

  it("does not make a call that an earlier one has canceled", () => {
    const { clock, calls, schedule } = setUp();
    let cancel = () => undefined as unknown;
    clock.after(10, () => cancel());
    cancel = schedule(20, "canceled");
    clock.advance(HOUR);
    expect(calls).to.deep.equal([]);
  });

  it("makes the other calls if one fails, as all calls of an emulator", () => {
    const { clock, calls } = setUp();
    const reported: string[] = [];
    const contained = containedClock(
      clock,
      containment((sentence) => reported.push(sentence)),
    );
    contained.after(10, () => {
      throw new Error("The timer failed.");
    });
    contained.after(20, () => calls.push("other"));
    clock.advance(HOUR);
    expect(calls).to.deep.equal(["other"]);
    expect(reported).to.deep.equal(["The emulator failed to run a timer, and continues. The timer failed."]);
  });

  it("makes a repeated call once", () => {
    const { clock } = setUp();
    let calls = 0;
    const repeat = (): void => {
      calls += 1;
      clock.after(10, repeat);
    };
    clock.after(10, repeat);
    clock.advance(HOUR);
    expect(calls).to.equal(1);
  });

  it("cannot be moved back, or by a part of a millisecond", () => {
    const clock = new MovableClock(realClock, new EmulatedTime());
    for (const milliseconds of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => clock.advance(milliseconds)).to.throw(
        `The time cannot be advanced by ${milliseconds}; pass a positive whole number of milliseconds`,
      );
    }
  });
});
