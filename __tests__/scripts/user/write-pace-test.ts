import { expect } from "chai";
import type { Table } from "../../../aws/table/table.ts";
import { WritePace } from "../../../scripts/user/write-pace.ts";

/** A table that is throttled before each write succeeds. */
const THROTTLED = { name: "table", send: async () => ({ $metadata: { attempts: 2 } }) } as unknown as Table;

const UNTHROTTLED = { name: "table", send: async () => ({ $metadata: { attempts: 1 } }) } as unknown as Table;

describe("scripts/user/write-pace", () => {
  const setUp = (unitsPerSecond: number) => {
    const pauses: number[] = [];
    let elapsed = 0;
    const pace = new WritePace({
      unitsPerSecond,
      elapsed: () => elapsed,
      pause: async (milliseconds) => pauses.push(milliseconds),
    });
    return { pace, pauses, advance: (milliseconds: number) => (elapsed += milliseconds) };
  };
  const writeTo = (pace: WritePace, table: Table) =>
    pace.watch(table).send("DeleteItem", { TableName: "table", Key: {} });

  it("starts items one after the other, by the units that each one costs", async () => {
    const { pace, pauses } = setUp(10);
    await Promise.all([pace.take(3), pace.take(5), pace.take(1), pace.take(1)]);
    expect(pauses).to.deep.equal([300, 800, 900]);
  });

  it("does not save up units while nothing is erased", async () => {
    const { pace, pauses, advance } = setUp(10);
    await pace.take(1);
    advance(5_000);
    await Promise.all([pace.take(1), pace.take(1)]);
    expect(pauses).to.deep.equal([100]);
  });

  it("halves the rate when DynamoDB throttles writes, and recovers within a minute", async () => {
    const { pace, advance } = setUp(500);
    await writeTo(pace, UNTHROTTLED);
    expect(pace.rate).to.equal(500);
    await Promise.all([writeTo(pace, THROTTLED), writeTo(pace, THROTTLED), writeTo(pace, THROTTLED)]);
    expect(pace.rate, "the writes report the same throttling").to.equal(250);
    advance(6_000);
    expect(pace.rate).to.equal(300);
    await writeTo(pace, THROTTLED);
    expect(pace.rate).to.equal(150);
    advance(60_000);
    expect(pace.rate).to.equal(500);
  });

  it("does not stop, however often writes are throttled", async () => {
    const { pace, advance } = setUp(2);
    for (let write = 0; write < 100; write += 1) {
      advance(1_000);
      await writeTo(pace, THROTTLED);
    }
    expect(pace.rate).to.be.at.least(1);
  });
});
