import { expect } from "chai";
import type { Answer, Identified } from "../../client/frames.ts";
import { isBroken, persist } from "../../client/persist.ts";

const FRAME: Identified = { message: "channels", id: "c-1" };
const answered: Answer = { type: "channels", id: "c-1", channels: ["lobby"] };
const refused = (code: "internal" | "not-a-member"): Answer => ({
  type: "error",
  code,
  detail: "No.",
  request: "channels",
});

/** Asks where the answers are those, one after the other. Gives what it came to, what was asked and how long it waited. */
async function asking(...answers: (Answer | undefined)[]) {
  const asked: Identified[] = [];
  const waited: number[] = [];
  const after = (milliseconds: number, act: () => void) => {
    waited.push(milliseconds);
    act();
    return () => undefined;
  };
  const ask = async (frame: Identified) => {
    asked.push(frame);
    return answers[asked.length - 1];
  };
  return { answer: await persist({ after, random: () => 1 }, { ask }, FRAME), asked, waited };
}

describe("client/persist", () => {
  it("repeats the frame, with the same id, while the chat has a fault, and waits longer each time", async () => {
    const { answer, asked, waited } = await asking(refused("internal"), refused("internal"), answered);
    expect(answer).to.equal(answered);
    expect(asked).to.deep.equal([FRAME, FRAME, FRAME]);
    expect(waited).to.deep.equal([1000, 2000]);
  });

  it("does not repeat what is refused, and nothing on a connection that was lost", async () => {
    expect((await asking(refused("not-a-member"))).answer).to.include({ code: "not-a-member" });
    expect((await asking(undefined)).answer).to.equal(undefined);
  });

  it("gives up after eight faults", async () => {
    const { answer, asked } = await asking(...Array.from({ length: 9 }, () => refused("internal")));
    expect(answer).to.include({ code: "internal" });
    expect(asked).to.have.length(8);
  });

  it("drops a connection on which the fault lasts", () => {
    const reasons: string[] = [];
    const connection = { drop: (reason: string) => void reasons.push(reason) };
    const broken = [refused("internal"), refused("not-a-member"), answered].map((answer) =>
      isBroken(connection, answer),
    );
    expect(broken).to.deep.equal([true, false, false]);
    expect(reasons).to.deep.equal(['the chat cannot answer "channels": No.']);
  });
});
