import { expect } from "chai";
import { askWithRetries, backOff, dropIfFailed } from "../src/retry.ts";
import type { OutgoingFrame, Reply } from "../src/wire.ts";

const FRAME: OutgoingFrame = { message: "channels", id: "c-1" };
const answered: Reply = { type: "channels", id: "c-1", channels: ["lobby"] };
const refused = (code: "internal" | "not-a-member"): Reply => ({
  type: "error",
  code,
  detail: "No.",
  request: "channels",
});

/** Sends a frame that gets these answers, one after the other. Returns the last answer, the frames that were sent and the waits. */
async function asking(...answers: (Reply | undefined)[]) {
  const asked: OutgoingFrame[] = [];
  const waited: number[] = [];
  const after = (milliseconds: number, act: () => void) => {
    waited.push(milliseconds);
    act();
    return () => undefined;
  };
  const ask = async (frame: OutgoingFrame) => {
    asked.push(frame);
    return answers[asked.length - 1];
  };
  return { answer: await askWithRetries({ after, random: () => 1 }, { ask }, FRAME), asked, waited };
}

describe("packages/client/retry", () => {
  it("waits up to a second, then up to twice as long each time, up to 30 seconds", () => {
    const longest = Array.from({ length: 8 }, (_, tries) => backOff(tries, () => 1));
    expect(longest).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("waits a random part of the maximum", () => {
    expect([0, 0.25, 0.5].map((random) => backOff(2, () => random))).to.deep.equal([0, 1000, 2000]);
  });

  it("repeats the frame, with the same id, while the chat has a fault, and waits longer each time", async () => {
    const { answer, asked, waited } = await asking(refused("internal"), refused("internal"), answered);
    expect(answer).to.equal(answered);
    expect(asked).to.deep.equal([FRAME, FRAME, FRAME]);
    expect(waited).to.deep.equal([1000, 2000]);
  });

  it("does not retry a refusal, or a frame whose connection was lost", async () => {
    expect((await asking(refused("not-a-member"))).answer).to.include({ code: "not-a-member" });
    expect((await asking(undefined)).answer).to.equal(undefined);
  });

  it("gives up after eight attempts", async () => {
    const { answer, asked } = await asking(...Array.from({ length: 9 }, () => refused("internal")));
    expect(answer).to.include({ code: "internal" });
    expect(asked).to.have.length(8);
  });

  it("drops a connection on which the chat still has a fault", () => {
    const reasons: string[] = [];
    const connection = { drop: (reason: string) => void reasons.push(reason) };
    const broken = [refused("internal"), refused("not-a-member"), answered].map((answer) =>
      dropIfFailed(connection, answer),
    );
    expect(broken).to.deep.equal([true, false, false]);
    expect(reasons).to.deep.equal(['the chat cannot answer "channels": No.']);
  });
});
