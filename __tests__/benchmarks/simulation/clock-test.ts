import { expect } from "chai";
import { VirtualClock } from "../../../benchmarks/simulation/clock.ts";

describe("benchmarks/simulation/clock", () => {
  it("lets what is due happen in its order, each at its own time", async () => {
    const clock = new VirtualClock();
    const happened: string[] = [];
    for (const at of [30, 10, 20, 10.5]) clock.after(at, () => happened.push(`${at} at ${clock.now()}`));
    await clock.run();
    expect(happened).to.deep.equal(["10 at 10", "10.5 at 10.5", "20 at 20", "30 at 30"]);
  });

  it("keeps the order of what was asked for at the same time", async () => {
    const clock = new VirtualClock();
    const happened: number[] = [];
    for (let turn = 0; turn < 100; turn += 1) clock.after(5, () => happened.push(turn));
    await clock.run();
    expect(happened).to.deep.equal(Array.from({ length: 100 }, (_, turn) => turn));
  });

  it("has thousands of events, in whatever order they are asked for", async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    for (let turn = 0; turn < 5_000; turn += 1) clock.after((turn * 7_919) % 5_003, () => times.push(clock.now()));
    await clock.run();
    expect(times)
      .to.deep.equal([...times].sort((a, b) => a - b))
      .and.have.length(5_000);
  });

  it("lets all that awaits an event go on before the next one, however long its chain", async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    void clock.pause(1).then(async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      seen.push(clock.now());
    });
    clock.after(2, () => seen.push(clock.now()));
    await clock.run();
    expect(seen).to.deep.equal([1, 2]);
  });

  it("ends with what an event throws", async () => {
    const clock = new VirtualClock();
    clock.after(1, () => {
      throw new Error("broken");
    });
    const fault = await clock.run().catch((thrown: Error) => thrown.message);
    expect(fault).to.equal("broken");
  });
});
