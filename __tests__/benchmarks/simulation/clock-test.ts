import { expect } from "chai";
import { VirtualClock } from "../../../benchmarks/simulation/clock.ts";

describe("benchmarks/simulation/clock", () => {
  it("runs events in order, each at its own time", async () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    for (const at of [30, 10, 20, 10.5]) clock.after(at, () => ran.push(`${at} at ${clock.now()}`));
    await clock.run();
    expect(ran).to.deep.equal(["10 at 10", "10.5 at 10.5", "20 at 20", "30 at 30"]);
  });

  it("runs events at the same time in the order in which they were scheduled", async () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    for (let index = 0; index < 100; index += 1) clock.after(5, () => ran.push(index));
    await clock.run();
    expect(ran).to.deep.equal(Array.from({ length: 100 }, (_, index) => index));
  });

  it("runs thousands of events, scheduled in any order", async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    for (let index = 0; index < 5_000; index += 1) clock.after((index * 7_919) % 5_003, () => times.push(clock.now()));
    await clock.run();
    expect(times)
      .to.deep.equal([...times].sort((a, b) => a - b))
      .and.have.length(5_000);
  });

  it("runs everything that awaits an event before the next event, however long the chain", async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    void clock.pause(1).then(async () => {
      for (let index = 0; index < 50; index += 1) await Promise.resolve();
      seen.push(clock.now());
    });
    clock.after(2, () => seen.push(clock.now()));
    await clock.run();
    expect(seen).to.deep.equal([1, 2]);
  });

  it("rejects with the error that an event throws", async () => {
    const clock = new VirtualClock();
    clock.after(1, () => {
      throw new Error("broken");
    });
    const fault = await clock.run().catch((thrown: Error) => thrown.message);
    expect(fault).to.equal("broken");
  });
});
