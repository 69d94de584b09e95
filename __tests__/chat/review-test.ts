import { expect } from "chai";
import { LOBBY } from "../../chat/channel.ts";
import type { ReviewedMessage, Verdict } from "../../chat/review.ts";
import { sendMessage } from "../../chat/use-cases/send-message.ts";
import { aChat, frameSender } from "../support/chat.ts";

const send = frameSender(sendMessage, "sendmessage");

/** A chat whose messages a reviewer answers with these verdicts in turn, or fails without one. */
function aReviewedChat(verdicts: readonly Verdict[], onFailure: "allow" | "deny" = "deny") {
  const asked: ReviewedMessage[] = [];
  const left = [...verdicts];
  const ask = async (message: ReviewedMessage): Promise<Verdict> => {
    asked.push(message);
    const verdict = left.shift();
    if (!verdict) throw new Error("late");
    return verdict;
  };
  const chat = { ...aChat(), reviewer: { ask, onFailure } };
  const texts = async () => {
    const log = await chat.messages.read({ channel: LOBBY, limit: 10, latestFirst: false });
    return log.map((entry) => "data" in entry && entry.data);
  };
  return { chat, asked, texts };
}

describe("chat/review", () => {
  it("asks about a message before it is stored, and stores one that is allowed", async () => {
    const { chat, asked, texts } = aReviewedChat([{ decision: "allow" }]);
    const anna = await chat.enter({ user: "anna" });
    await send(chat, anna, { channel: LOBBY, data: "hi" });
    expect(asked).to.deep.equal([{ channel: LOBBY, from: "anna", authenticated: false, data: "hi" }]);
    expect(await texts()).to.deep.equal(["hi"]);
  });

  it("refuses a message that is denied, with the reason, and neither stores nor delivers it", async () => {
    const { chat, texts } = aReviewedChat([{ decision: "deny", reason: "No links, please." }]);
    const anna = await chat.enter();
    const { refusal, facts } = await send(chat, anna, { channel: LOBBY, data: "http://a.org" });
    expect([refusal, facts]).to.deep.equal([{ code: "not-accepted", detail: "No links, please." }, { review: "deny" }]);
    expect([await texts(), chat.received(anna), chat.emitted, chat.counted()]).to.deep.equal([[], [], [], {}]);
  });

  it("stores and delivers the replaced text", async () => {
    const { chat, texts } = aReviewedChat([{ decision: "replace", data: "***" }]);
    const anna = await chat.enter();
    await send(chat, anna, { channel: LOBBY, data: "bad" });
    expect([await texts(), chat.received(anna)]).to.deep.equal([["***"], ["***"]]);
  });

  it("stores a repeat once, also if the review replaces its text differently", async () => {
    const { chat, texts } = aReviewedChat([
      { decision: "replace", data: "one" },
      { decision: "replace", data: "two" },
    ]);
    const anna = await chat.enter({ protocol: "chat.v1" });
    const frame = { channel: LOBBY, data: "bad", id: "c-1" };
    const first = await send(chat, anna, frame);
    const second = await send(chat, anna, frame);
    expect([await texts(), second.reply]).to.deep.equal([["one"], first.reply]);
  });

  for (const onFailure of ["allow", "deny"] as const) {
    it(`counts a fault if there is no verdict, and follows onFailure: ${onFailure}`, async () => {
      const { chat, texts } = aReviewedChat([], onFailure);
      const { refusal, facts } = await send(chat, await chat.enter(), { channel: LOBBY, data: "hi" });
      expect(facts).to.include({ review: "failed" });
      expect([await texts(), refusal?.code]).to.deep.equal(
        onFailure === "allow" ? [["hi"], undefined] : [[], "internal"],
      );
      expect(chat.counted().Faults).to.equal(1);
    });
  }
});
