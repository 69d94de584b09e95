import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const SETTINGS = {
  lastingMembership: true,
  directConversations: true,
  unreadCounts: true,
  readReceipts: true,
  ownMessageMinutes: 15,
  reactions: true,
};

const channel = "dev";

interface HistoryMessage {
  readonly id: string;
  readonly data: string;
  readonly deleted?: true;
}

describe("a user who was away for a day, on the emulator", () => {
  let chat: SignedInChat;
  before(async () => {
    chat = await startSignedInChat(SETTINGS);
  });
  after(() => chat.stop());

  const send = async (client: Client, data: string): Promise<string> =>
    String((await answerTo(client, { message: "sendmessage", channel, data })).message);
  const change = (client: Client, frame: object) => answerTo(client, { channel, ...frame });
  const acknowledged = { type: "ack" };

  it("sees unread counts, the direct message, and messages as they are now", async () => {
    const usedUrl = await chat.urlOf("anna");
    const [anna, ben] = [await connect(usedUrl, { subprotocols: ["chat.v1"] }), await chat.enter("ben")];
    for (const client of [anna, ben]) await answerTo(client, { message: "join", channel });
    const seen = await send(ben, "The train leaves at nien.");
    const own = await send(anna, "I bring the map.");
    const withdrawn = await send(ben, "Bring boots.");
    expect(await change(anna, { message: "read", target: withdrawn })).to.include(acknowledged);
    // Longer than the idle timeout, and shorter than the time for edits.
    await chat.advance(11 * MINUTE);
    await Promise.all([anna.closed, ben.closed]);

    const evening = await chat.enter("ben");
    const missed = await send(evening, "Bring teh tent.");
    const gone = await send(evening, "Or not.");
    await send(evening, "See you there.");
    const toAnna = (await answerTo(evening, { message: "direct", to: "anna", data: "Will you drive?" })).message;
    for (const frame of [
      { message: "edit", target: seen, data: "The train leaves at nine." },
      { message: "edit", target: missed, data: "Bring the tent." },
      { message: "delete", target: withdrawn },
      { message: "delete", target: gone },
      { message: "react", target: own, emoji: "👍" },
    ])
      expect(await change(evening, frame)).to.include(acknowledged);
    await chat.advance(DAY);
    await evening.closed;

    expect(await rejection(connect(usedUrl))).to.equal("Unexpected server response: 401");
    const [back, later] = [await chat.enter("anna"), await chat.enter("ben")];
    expect((await answerTo(back, { message: "channels", mine: true })).channels).to.deep.equal([channel, "lobby"]);
    expect((await answerTo(back, { message: "unread" })).counts).to.have.deep.members([
      { channel: "lobby", count: 0 },
      { channel, count: 2, read: withdrawn },
    ]);
    const page = await answerTo(back, { message: "history", channel, after: withdrawn });
    const messages = page.messages as readonly HistoryMessage[];
    expect(messages.map(({ data, deleted }) => deleted ?? data)).to.deep.equal([
      "Bring the tent.",
      true,
      "See you there.",
    ]);
    expect((page.edits as readonly HistoryMessage[]).map(({ id, data }) => [id, data])).to.deep.equal([
      [seen, "The train leaves at nine."],
      [missed, "Bring the tent."],
    ]);
    expect((page.changes as readonly HistoryMessage[]).map(({ id }) => id)).to.deep.equal([withdrawn, gone]);
    expect((page.reactions as readonly object[])[0]).to.deep.include({
      id: own,
      reactions: { counts: [{ emoji: "👍", count: 1 }], revision: 1 },
    });

    const { conversations } = await answerTo(back, { message: "conversations" });
    expect((await answerTo(back, { message: "unread", conversations })).conversations).to.deep.equal([
      { direct: "ben", count: 1 },
    ]);
    const conversation = await answerTo(back, { message: "history", direct: "ben" });
    expect((conversation.messages as readonly HistoryMessage[]).map(({ data }) => data)).to.deep.equal([
      "Will you drive?",
    ]);
    expect(await answerTo(back, { message: "read", direct: "ben", target: toAnna })).to.include(acknowledged);
    expect(await answerTo(later, { message: "history", direct: "anna" })).to.include({ receipt: toAnna });
    // A day is longer than `ownMessageMinutes`.
    expect(await change(later, { message: "edit", target: missed, data: "Bring two tents." })).to.include({
      code: "not-allowed",
    });
    await Promise.all([back.close(), later.close()]);
  });
});
