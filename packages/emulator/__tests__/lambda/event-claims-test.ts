import { expect } from "chai";
import { EventClaims } from "../../src/lambda/event-claims.ts";

describe("lambda/event-claims", () => {
  const aClaim = () => {
    const emulator = new EventClaims();
    emulator.assign(7);
    return { emulator, thread: new EventClaims(emulator.buffer) };
  };

  it("lets the thread start an event once", () => {
    const { thread } = aClaim();
    expect([thread.start(7), thread.start(7)]).to.deep.equal([true, false]);
  });

  it("does not let the thread start an event that the emulator has revoked", () => {
    const { emulator, thread } = aClaim();
    expect([emulator.revoke(7), thread.start(7)]).to.deep.equal([true, false]);
  });

  it("does not let the emulator revoke an event that the thread has started", () => {
    const { emulator, thread } = aClaim();
    expect([thread.start(7), emulator.revoke(7), thread.finish(7)]).to.deep.equal([true, false, true]);
  });

  it("does not let the thread finish an event that the emulator has canceled", () => {
    const { emulator, thread } = aClaim();
    expect([thread.start(7), emulator.cancel(7), thread.finish(7)]).to.deep.equal([true, true, false]);
  });

  it("does not let the emulator cancel an event that the thread has finished", () => {
    const { emulator, thread } = aClaim();
    expect([thread.start(7), thread.finish(7), emulator.cancel(7)]).to.deep.equal([true, true, false]);
  });
});
