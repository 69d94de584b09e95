import { expect } from "chai";
import { noThrottle, stageThrottle, type Throttle } from "../../src/gateway/throttle.ts";
import type { StageConfig } from "../../src/terraform/stage.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";

const slow = { requestsPerSecond: 2, burst: 3 };

function aThrottle(own: Partial<StageConfig> = {}): { throttle: Throttle; clock: ManualClock } {
  const clock = new ManualClock();
  const stage = { throttle: slow, routeThrottles: {}, ...own } as StageConfig;
  return { throttle: stageThrottle(stage, clock.elapsed), clock };
}

/** How many of these simultaneous requests are admitted. */
const admitted = (count: number, admits: () => boolean): number =>
  Array.from({ length: count }, admits).filter(Boolean).length;

describe("gateway/throttle", () => {
  it("admits a burst, and then requests at the rate (LM-13)", () => {
    const { throttle, clock } = aThrottle();
    const say = () => throttle.admits("say");
    expect(admitted(10, say)).to.equal(3);
    clock.advance(499);
    expect(admitted(10, say)).to.equal(0);
    clock.advance(1);
    expect(admitted(10, say)).to.equal(1);
    clock.advance(1_000);
    expect(admitted(10, say)).to.equal(2);
  });

  it("accumulates at most one burst", () => {
    const { throttle, clock } = aThrottle();
    clock.advance(3_600_000);
    expect(admitted(10, () => throttle.admits("say"))).to.equal(3);
  });

  for (const milliseconds of [-3_600_000, 3_600_000]) {
    it(`is not affected if the system time is adjusted by ${milliseconds} ms`, () => {
      const { throttle, clock } = aThrottle();
      const say = () => throttle.admits("say");
      expect(admitted(10, say)).to.equal(3);
      clock.adjust(milliseconds);
      expect(admitted(10, say)).to.equal(0);
      clock.advance(500);
      expect(admitted(10, say)).to.equal(1);
    });
  }

  it("shares the stage's bucket between all routes, including messages without a route", () => {
    const { throttle } = aThrottle();
    expect([throttle.admits("$connect"), throttle.admits("say"), throttle.admits(undefined)]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect(throttle.admits("$default")).to.equal(false);
  });

  it("has a separate bucket for a route with its own settings", () => {
    const { throttle } = aThrottle({ routeThrottles: { say: { requestsPerSecond: 1, burst: 1 } } });
    expect(admitted(10, () => throttle.admits("say"))).to.equal(1);
    expect(admitted(10, () => throttle.admits("other"))).to.equal(3);
  });

  for (const [title, throttle] of Object.entries({
    rate: { requestsPerSecond: 0, burst: 5 },
    burst: { requestsPerSecond: 5, burst: 0 },
  })) {
    it(`admits nothing with a ${title} of 0 (LM-13, TF-08)`, () => {
      const throttled = aThrottle({ throttle });
      throttled.clock.advance(60_000);
      expect(admitted(10, () => throttled.throttle.admits("say"))).to.equal(0);
    });
  }

  it("limits a stage without settings to the account's burst of 5,000, shared with @connections (LM-12)", () => {
    const { throttle } = aThrottle({ throttle: undefined });
    expect(admitted(3_000, () => throttle.admits("say"))).to.equal(3_000);
    expect(admitted(3_000, () => throttle.admitsManagementCall())).to.equal(2_000);
    expect(throttle.admits("say")).to.equal(false);
  });

  it("limits the account to 10,000 requests a second", () => {
    const { throttle, clock } = aThrottle();
    admitted(5_000, () => throttle.admitsManagementCall());
    clock.advance(100);
    expect(admitted(2_000, () => throttle.admitsManagementCall())).to.equal(1_000);
  });

  it("admits calls of @connections when the stage's bucket is empty", () => {
    const { throttle } = aThrottle();
    admitted(10, () => throttle.admits("say"));
    expect(throttle.admitsManagementCall()).to.equal(true);
  });

  it("admits 500 simultaneous handshakes (HS-34)", () => {
    const { throttle } = aThrottle({ throttle: undefined });
    expect(admitted(600, () => throttle.admits("$connect"))).to.equal(500);
    expect(throttle.admits("say")).to.equal(true);
  });

  it("admits everything if throttling is off", () => {
    expect(admitted(20_000, () => noThrottle.admits("$connect") && noThrottle.admitsManagementCall())).to.equal(20_000);
  });
});
