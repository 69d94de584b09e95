import { expect } from "chai";
import { closingStalled } from "../../../chat/fan-out/stalled-connections.ts";
import type { Probe, PushOutcome } from "../../../chat/ports.ts";
import { aConnection } from "../../support/builders.ts";
import { aChat } from "../../support/chat.ts";

const throttled = async () => ({ failed: "Throttled" });

describe("chat/fan-out/stalled-connections", () => {
  it("closes a connection after three rounds in a row in which it was throttled, and counts it", async () => {
    const chat = aChat();
    const [stalled, other] = [aConnection(), aConnection()];
    const close = closingStalled(chat);
    const rounds = [await close([stalled]), await close([stalled, other]), await close([stalled, other])];
    expect(rounds).to.deep.equal([[], [], [stalled]]);
    expect(chat.closed).to.deep.equal([stalled.id]);
    expect(chat.counted()).to.deep.equal({ StalledConnectionsClosed: 1 });
  });

  it("starts again if another connection is no longer throttled: both may have met the account's quota", async () => {
    const chat = aChat();
    const [stalled, other] = [aConnection(), aConnection()];
    const close = closingStalled(chat);
    for (const round of [[stalled, other], [stalled], [stalled], [stalled]])
      expect(await close(round)).to.deep.equal([]);
    expect(await close([stalled])).to.deep.equal([stalled]);
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
    let probes = 0;
    // The last probe of the third round.
    const probe: Probe = async (id) => (probes++ === 23 ? throttled() : chat.probe(id));
    const close = closingStalled({ ...chat, probe });
    for (let round = 0; round < 5; round += 1) await close([stalled]);
    expect(chat.closed).to.deep.equal([]);
  });

  it("probes eight times a round, and not at all if no push was throttled", async () => {
    const chat = aChat();
    let probes = 0;
    const probe: Probe = async () => {
      probes += 1;
      return "open";
    };
    const close = closingStalled({ ...chat, probe });
    await close([]);
    await close([aConnection({ id: "A" })]);
    expect(probes).to.equal(8);
    await close([aConnection({ id: "A" }), ...Array.from({ length: 500 }, () => aConnection())]);
    expect(probes).to.equal(16);
  });

  it("probes no further after a refusal", async () => {
    const chat = aChat();
    let probes = 0;
    const probe: Probe = async () => {
      probes += 1;
      return throttled();
    };
    await closingStalled({ ...chat, probe })([aConnection()]);
    expect(probes).to.equal(1);
  });

  it("does not count a connection that could not be closed", async () => {
    const chat = aChat();
    const failing = async (): Promise<PushOutcome> => ({ failed: "503" });
    const close = closingStalled({ ...chat, close: failing });
    for (let round = 0; round < 3; round += 1) expect(await close([aConnection({ id: "A" })])).to.deep.equal([]);
    expect(chat.counted()).to.deep.equal({});
  });
});
