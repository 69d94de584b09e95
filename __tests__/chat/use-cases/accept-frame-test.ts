import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import type { Connected } from "../../../chat/connection.ts";
import { chargeFrame } from "../../../chat/use-cases/accept-frame.ts";
import { aConnection, NOON } from "../../support/builders.ts";
import { aChat } from "../../support/chat.ts";

const RATE = { perSecond: 5, burst: 3 };

/** A frame that a connection sends from an address, at a time after noon. */
interface Sent {
  readonly by: Connected;
  readonly from?: string;
  readonly at?: number;
}

/** The verdict on each frame, in order. */
async function verdicts(frames: readonly Sent[]): Promise<string[]> {
  let now = NOON;
  const chat = aChat({ messageRate: RATE, now: () => now });
  const all: string[] = [];
  for (const { by, from = "192.0.2.1", at = 0 } of frames) {
    now = NOON + at;
    all.push(await chargeFrame(chat, by, from));
  }
  return all;
}

const of = (verdict: string, count: number): string[] => Array(count).fill(verdict);
const anna = () => aConnection({ user: "anna", groups: [] });

describe("chat/use-cases/accept-frame", () => {
  it("accepts a burst, warns the connection once, and reports a flood if it exceeds the limit again", async () => {
    const by = anna();
    const frames = [0, 1, 2, 3, 4, 5].map((at) => ({ by, at }));
    expect(await verdicts(frames)).to.deep.equal([...of("taken", 3), "refused", ...of("flooding", 2)]);
  });

  it("accepts the permitted number of frames a second for any length of time", async () => {
    const by = anna();
    const frames = Array.from({ length: 100 }, (_, index) => ({ by, at: index * 200 }));
    expect(await verdicts(frames)).to.deep.equal(of("taken", 100));
  });

  it("warns again instead of closing the connection if the client waited a second in between", async () => {
    const by = anna();
    const frames = [0, 1, 2, 3, 1003, 1004, 1005, 1006].map((at) => ({ by, at }));
    expect(await verdicts(frames)).to.deep.equal([...of("taken", 3), "refused", ...of("taken", 3), "refused"]);
  });

  it("accumulates at most one burst", async () => {
    const by = anna();
    const frames = [0, 60_000, 60_001, 60_002, 60_003].map((at) => ({ by, at }));
    expect((await verdicts(frames)).slice(1)).to.deep.equal([...of("taken", 3), "refused"]);
  });

  it("accepts a frame again after one interval, even if many were refused", async () => {
    const by = anna();
    const flood = Array.from({ length: 500 }, (_, index) => ({ by, at: index / 10 }));
    const all = await verdicts([...flood, { by, at: 260 }]);
    expect(all.at(-1)).to.equal("taken");
  });

  it("counts a user's frames by all connections, so that reconnecting does not help", async () => {
    const frames = Array.from({ length: 480 }, (_, index) => ({ by: anna(), at: index * 10 }));
    const taken = (await verdicts(frames)).filter((verdict) => verdict === "taken");
    // In 4.8 seconds: a burst of 3, and 5 a second.
    expect(taken).to.have.length.within(26, 27);
  });

  it("counts the frames of guests by address, across names and connections", async () => {
    const frames = Array.from({ length: 6 }, (_, index) => ({
      by: aConnection({ user: `guest-${index}` }),
      at: index,
    }));
    expect(await verdicts(frames)).to.deep.equal([...of("taken", 3), ...of("refused", 3)]);
  });

  it("counts other users, other addresses, and guests with the name of a user separately", async () => {
    const ben = aConnection({ user: "ben", groups: [] });
    const guest = aConnection({ user: "anna" });
    const full = of("taken", 3);
    const threeOf = (sent: Sent) => [sent, sent, sent];
    const frames = [{ by: anna() }, { by: ben }, { by: guest }, { by: guest, from: "192.0.2.2" }].flatMap(threeOf);
    expect(await verdicts(frames)).to.deep.equal([...full, ...full, ...full, ...full]);
  });

  it("counts an IPv6 address by its first 64 bits", async () => {
    const frames = Array.from({ length: 4 }, (_, index) => ({ by: aConnection(), from: `2001:db8::${index + 1}` }));
    expect(await verdicts(frames)).to.deep.equal([...of("taken", 3), "refused"]);
  });

  it("warns each connection separately, so that one flood does not close its neighbors", async () => {
    const [flooding, neighbor] = [aConnection(), aConnection()];
    const flood = [0, 1, 2, 3, 4].map((at) => ({ by: flooding, at }));
    expect((await verdicts([...flood, { by: neighbor, at: 5 }])).slice(3)).to.deep.equal([
      "refused",
      "flooding",
      "refused",
    ]);
  });

  it("fails for a guest without an address, instead of counting nothing", async () => {
    const chat = aChat({ messageRate: RATE });
    expect(await rejection(chargeFrame(chat, aConnection(), undefined))).to.include("sourceIp");
  });

  it("writes nothing in environments without the setting", async () => {
    const chat = aChat();
    const rates = { take: () => expect.fail(), warn: () => expect.fail() };
    expect(await chargeFrame({ ...chat, rates }, anna(), undefined)).to.equal("taken");
  });
});
