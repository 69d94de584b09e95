import { expect } from "chai";
import type { EmulatorEvent } from "../../src/inspector/events.ts";
import { History } from "../../src/inspector/history.ts";

const frame = (text: string): EmulatorEvent => ({
  kind: "received",
  connectionId: "c",
  requestId: "r",
  routeKey: "$default",
  text,
});

describe("inspector/history", () => {
  it("keeps the newest 2,000 events", () => {
    const history = new History(() => 5);
    for (let index = 0; index < 2_100; index += 1) history.observe(frame(String(index)));
    expect(history.entries.length).to.equal(2_000);
    expect(history.entries[0]).to.deep.equal({ number: 101, at: 5, event: frame("100") });
  });

  it("keeps at most 8 MB of text", () => {
    const history = new History(() => 0);
    for (let index = 0; index < 100; index += 1) history.observe(frame("x".repeat(131_072)));
    expect(history.entries.length).to.equal(64);
  });

  it("notifies listeners until they leave, and can be cleared", () => {
    const history = new History(() => 0);
    const heard: number[] = [];
    const leave = history.subscribe(({ number }) => heard.push(number));
    history.observe(frame("a"));
    history.clear();
    history.observe(frame("b"));
    leave();
    history.observe(frame("c"));
    expect(heard).to.deep.equal([1, 2]);
    expect(history.entries.map(({ number }) => number)).to.deep.equal([2, 3]);
  });
});
