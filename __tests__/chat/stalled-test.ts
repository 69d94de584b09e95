import { expect } from "chai";
import type { Probe, PushOutcome } from "../../chat/ports.ts";
import { closingStalled } from "../../chat/stalled.ts";
import { aConnection } from "../support/builders.ts";
import { aChat } from "../support/chat.ts";

const throttled = async () => ({ failed: "Throttled" });

describe("chat/stalled", () => {
  it("closes a connection after three rounds in a row in which it was throttled, and counts it", async () => {
    const chat = aChat();
    const [stalled, slow] = [aConnection(), aConnection()];
    const close = closingStalled(chat);
    const rounds = [await close([stalled, slow]), await close([stalled]), await close([stalled, slow])];
    expect(rounds).to.deep.equal([[], [], [stalled]]);
    expect(chat.closed).to.deep.equal([stalled.id]);
    expect(chat.counted()).to.deep.equal({ StalledConnectionsClosed: 1 });
  });

  it("closes several at once", async () => {
    const chat = aChat();
    const all = Array.from({ length: 20 }, () => aConnection());
    const close = closingStalled(chat);
    for (let round = 0; round < 3; round += 1) await close(all);
    expect(chat.closed).to.have.members(all.map(({ id }) => id));
  });

  it("starts again if a probe was throttled: the account's quota may be the cause", async () => {
    const chat = aChat();
    const stalled = aConnection();
    const answers: Probe[] = [chat.probe, chat.probe, throttled, chat.probe, chat.probe];
    const probe: Probe = (id) => (answers.shift() ?? throttled)(id);
    const close = closingStalled({ ...chat, probe });
    for (let round = 0; round < 5; round += 1) await close([stalled]);
    expect(chat.closed).to.deep.equal([]);
  });

  it("probes at most eight connections a round, and none if no push was throttled", async () => {
    const chat = aChat();
    let probes = 0;
    const probe: Probe = async () => {
      probes += 1;
      return "open";
    };
    const close = closingStalled({ ...chat, probe });
    await close(Array.from({ length: 500 }, () => aConnection()));
    await close([]);
    expect(probes).to.equal(8);
  });

  it("does not count a connection that could not be closed", async () => {
    const chat = aChat();
    const failing = async (): Promise<PushOutcome> => ({ failed: "503" });
    const close = closingStalled({ ...chat, close: failing });
    for (let round = 0; round < 3; round += 1) expect(await close([aConnection({ id: "A" })])).to.deep.equal([]);
    expect(chat.counted()).to.deep.equal({});
  });
});
