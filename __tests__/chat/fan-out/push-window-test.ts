import { expect } from "chai";
import { pushWindow } from "../../../chat/fan-out/delivery.ts";

let pushes = 0;

/** A push to a connection without earlier pushes. */
const at = (startedAt: number, now = startedAt) => {
  pushes += 1;
  return { id: String(pushes), startedAt, now };
};

/** One more throttled connection halves it. */
function throttledTwice() {
  const window = pushWindow();
  window.adapt("throttled", at(0));
  window.adapt("throttled", at(0));
  return window;
}

describe("chat/fan-out/delivery, the push window", () => {
  it("grows by one with each window that is delivered, up to 128", () => {
    const window = pushWindow();
    expect(window.size()).to.equal(32);
    for (let delivered = 0; delivered < 33; delivered += 1) window.adapt("delivered", at(0));
    expect(window.size()).to.equal(33);
    for (let delivered = 0; delivered < 20_000; delivered += 1) window.adapt("delivered", at(0));
    expect(window.size()).to.equal(128);
  });

  it("keeps its size if one or two connections are throttled, however often", () => {
    const window = pushWindow();
    for (let time = 0; time < 100; time += 1) window.adapt("throttled", { ...at(time), id: time % 2 ? "anna" : "ben" });
    expect([window.size(), window.isThrottled()]).to.deep.equal([32, false]);
  });

  it("forgets a throttled connection after 32 other pushes", () => {
    const window = pushWindow();
    for (let time = 0; time < 200; time += 1) window.adapt(time % 20 ? "gone" : "throttled", at(time));
    expect(window.size()).to.equal(32);
  });

  it("halves if several connections are throttled, once for all pushes that were in progress", () => {
    const window = throttledTwice();
    window.adapt("throttled", at(10, 20));
    window.adapt("throttled", at(12, 21));
    window.adapt("throttled", at(20, 22));
    expect(window.size()).to.equal(16);
    window.adapt("throttled", at(21, 30));
    expect(window.size()).to.equal(8);
  });

  it("keeps at least one push, with pauses of up to fifteen times its duration", () => {
    const window = throttledTwice();
    for (let time = 1; time <= 5; time += 1) window.adapt("throttled", at(time));
    expect([window.size(), window.restMilliseconds()]).to.deep.equal([1, 0]);
    window.adapt("throttled", at(6));
    expect([window.size(), window.restMilliseconds()]).to.deep.equal([1, 10]);
    for (let time = 7; time < 20; time += 1) window.adapt("throttled", at(time));
    expect([window.size(), window.restMilliseconds()]).to.deep.equal([1, 150]);
  });

  it("shortens the pauses with each push that is delivered", () => {
    const window = throttledTwice();
    for (let time = 1; time < 20; time += 1) window.adapt("throttled", at(time));
    const rests = Array.from({ length: 14 }, () => {
      window.adapt("delivered", at(20));
      return window.restMilliseconds();
    });
    expect(rests).to.deep.equal([...rests].sort((a, b) => b - a));
    expect([rests[0], rests.at(-1), window.size()]).to.deep.equal([118, 0, 1]);
  });

  it("does not adapt to gone or failed connections", () => {
    const window = pushWindow();
    window.adapt("gone", at(1));
    window.adapt({ failed: "500" }, at(1));
    expect(window.size()).to.equal(32);
  });
});
