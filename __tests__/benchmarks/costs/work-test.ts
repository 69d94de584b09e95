import { expect } from "chai";
import { monthOf } from "../../../benchmarks/costs/work.ts";

describe("benchmarks/costs/work", () => {
  it("returns the totals of a month", () => {
    const load = { connections: 100, hoursPerDay: 8, daysPerMonth: 22, messagesPerDay: 50, audience: 100 };
    expect(monthOf(load)).to.deep.equal({
      handshakes: 100 * 22 * 4,
      connectionMinutes: 100 * 22 * 8 * 60,
      sent: 110_000,
      messages: 110_000 * 101,
      shareOfMonth: (8 * 22) / 730,
    });
  });

  it("counts a handshake for every two hours or part of them", () => {
    const handshakes = (hoursPerDay: number) =>
      monthOf({ connections: 1, hoursPerDay, daysPerMonth: 1, messagesPerDay: 0, audience: 1 }).handshakes;
    expect([0.1, 2, 2.5, 24].map(handshakes)).to.deep.equal([1, 1, 2, 12]);
  });
});
