import { expect } from "chai";
import { noThrottle, stageThrottle, type Throttle } from "../../src/gateway/throttle.ts";
import type { StageConfig } from "../../src/terraform/stage.ts";
import { HandClock } from "../../src/testing/hand-clock.ts";

const slow = { requestsPerSecond: 2, burst: 3 };

function aThrottle(own: Partial<StageConfig> = {}): { throttle: Throttle; clock: HandClock } {
  const clock = new HandClock();
  const stage = { throttle: slow, routeThrottles: {}, ...own } as StageConfig;
  return { throttle: stageThrottle(stage, clock.now), clock };
}

/** How many of so many pass, at one moment. */
const passed = (count: number, admits: () => boolean): number =>
  Array.from({ length: count }, admits).filter(Boolean).length;

describe("gateway/throttle", () => {
  it("lets a burst pass at once, and then so many a second (LM-13)", () => {
    const { throttle, clock } = aThrottle();
    const say = () => throttle.admits("say");
    expect(passed(10, say)).to.equal(3);
    clock.advance(499);
    expect(passed(10, say)).to.equal(0);
    clock.advance(1);
    expect(passed(10, say)).to.equal(1);
    clock.advance(1_000);
    expect(passed(10, say)).to.equal(2);
  });

  it("saves up no more than a burst", () => {
    const { throttle, clock } = aThrottle();
    clock.advance(3_600_000);
    expect(passed(10, () => throttle.admits("say"))).to.equal(3);
  });

  it("has all routes share the stage's bucket, also for what no route takes", () => {
    const { throttle } = aThrottle();
    expect([throttle.admits("$connect"), throttle.admits("say"), throttle.admits(undefined)]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect(throttle.admits("$default")).to.equal(false);
  });

  it("gives a route with settings of its own a bucket of its own", () => {
    const { throttle } = aThrottle({ routeThrottles: { say: { requestsPerSecond: 1, burst: 1 } } });
    expect(passed(10, () => throttle.admits("say"))).to.equal(1);
    expect(passed(10, () => throttle.admits("other"))).to.equal(3);
  });

  for (const [title, throttle] of Object.entries({
    rate: { requestsPerSecond: 0, burst: 5 },
    burst: { requestsPerSecond: 5, burst: 0 },
  })) {
    it(`lets nothing pass with a ${title} of 0, ever (LM-13, TF-08)`, () => {
      const throttled = aThrottle({ throttle });
      throttled.clock.advance(60_000);
      expect(passed(10, () => throttled.throttle.admits("say"))).to.equal(0);
    });
  }

  it("holds a stage without settings to the account's burst of 5,000, shared with @connections (LM-12)", () => {
    const { throttle } = aThrottle({ throttle: undefined });
    expect(passed(3_000, () => throttle.admits("say"))).to.equal(3_000);
    expect(passed(3_000, () => throttle.admitsCallback())).to.equal(2_000);
    expect(throttle.admits("say")).to.equal(false);
  });

  it("holds the account to 10,000 a second", () => {
    const { throttle, clock } = aThrottle();
    passed(5_000, () => throttle.admitsCallback());
    clock.advance(100);
    expect(passed(2_000, () => throttle.admitsCallback())).to.equal(1_000);
  });

  it("lets calls of @connections pass when the stage's bucket is empty", () => {
    const { throttle } = aThrottle();
    passed(10, () => throttle.admits("say"));
    expect(throttle.admitsCallback()).to.equal(true);
  });

  it("lets 500 clients connect at once (HS-34)", () => {
    const { throttle } = aThrottle({ throttle: undefined });
    expect(passed(600, () => throttle.admits("$connect"))).to.equal(500);
    expect(throttle.admits("say")).to.equal(true);
  });

  it("can be off", () => {
    expect(passed(20_000, () => noThrottle.admits("$connect") && noThrottle.admitsCallback())).to.equal(20_000);
  });
});
