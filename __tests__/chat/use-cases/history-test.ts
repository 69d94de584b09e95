import { expect } from "chai";
import { pairOf } from "../../../aws/table/keys.ts";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { messageFrame } from "../../../chat/message.ts";
import type { ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import { parseFrame } from "../../../chat/protocol/frames.ts";
import { History } from "../../../chat/protocol/history-frames.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { aMessage } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";

const send = frameSender(history, "history");

/** Stores this many messages in the lobby. Returns their frames, oldest first. */
async function storedMessages(chat: Chat, count: number) {
  const messages = Array.from({ length: count }, () => aMessage({ id: chat.newMessageId() }));
  for (const message of messages) await chat.messages.store(message);
  return messages.map(messageFrame);
}

describe("chat/use-cases/history", () => {
  it("returns the latest messages, oldest first, and a cursor to earlier ones", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const all = await storedMessages(chat, 5);
    const { reply } = await send(chat, anna, { channel: LOBBY, limit: 2, id: "h-1" });
    expect(reply).to.deep.equal({
      type: "history",
      id: "h-1",
      channel: LOBBY,
      messages: all.slice(3),
      cursor: { before: all[3]?.id },
    });
    const { reply: rest } = await send(chat, anna, { channel: LOBBY, limit: 3, before: all[3]?.id });
    expect(rest).to.deep.equal({ type: "history", channel: LOBBY, messages: all.slice(0, 3) });
  });

  it("returns the messages after a given one, in order", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const all = await storedMessages(chat, 4);
    const { reply } = await send(chat, anna, { channel: LOBBY, limit: 2, after: all[0]?.id });
    expect(reply).to.deep.include({ messages: all.slice(1, 3), cursor: { after: all[2]?.id } });
  });

  it("returns an empty page if `before` is not later than `after`", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const ids = (await storedMessages(chat, 3)).map(({ id }) => id);
    for (const [after, before] of [
      [ids[1], ids[1]],
      [ids[2], ids[0]],
      ["7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0".repeat(26)],
    ]) {
      const { reply } = await send(chat, anna, { channel: LOBBY, limit: 10, after, before });
      expect(reply).to.deep.equal({ type: "history", channel: LOBBY, messages: [] });
    }
  });

  it("accepts only uppercase ULIDs as `before` and `after`, up to the largest timestamp of a ULID", () => {
    const codeOf = (frame: object): string | undefined => {
      const parsed = parseFrame(History, JSON.stringify(frame));
      return "refusal" in parsed ? parsed.refusal.code : undefined;
    };
    const good = ["0".repeat(26), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FAV"];
    const bad = [
      `8${"0".repeat(25)}`,
      "01arz3ndektsv4rrffq69g5fav",
      "0".repeat(25),
      "0".repeat(27),
      "I".repeat(26),
      "",
      5,
      null,
    ];
    for (const field of ["before", "after"]) {
      for (const id of good) expect(codeOf({ [field]: id }), String(id)).to.equal(undefined);
      for (const id of bad) expect(codeOf({ [field]: id }), String(id)).to.equal("malformed-frame");
    }
  });

  it("refuses a user who is not a member", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [] });
    expect((await send(chat, anna, { channel: LOBBY, limit: 1 })).refusal?.code).to.equal("not-a-member");
  });

  describe("of a conversation", () => {
    const storing = () => aChat({ directConversations: true, moderators: ["staff"] });
    const say = async (chat: Chat, message: { from: string; publisher?: true }, pair: string) => {
      const stored = aMessage({ id: chat.newMessageId(), channel: conversationLog(pair), data: "psst", ...message });
      await chat.messages.store(stored);
      return stored.id;
    };
    const read = async (chat: Chat, user: string, frame: object) =>
      send(chat, await chat.enter({ user, groups: ["staff"] }), { limit: 9, ...frame });

    it("returns the messages of both users as direct messages, to each of them", async () => {
      const chat = storing();
      const pair = pairOf("anna", { name: "ben" });
      const ids = [await say(chat, { from: "anna" }, pair), await say(chat, { from: "ben" }, pair)];
      for (const [user, direct] of [
        ["anna", "ben"],
        ["ben", "anna"],
      ] as const) {
        const { reply } = await read(chat, user, { direct, id: "h-1" });
        expect(reply).to.deep.include({ type: "conversation", id: "h-1", direct });
        const { messages } = reply as ServerFrameOf<"conversation">;
        expect(messages.map(({ id, from, to }) => [id, from, to])).to.deep.equal([
          [ids[0], "anna", "ben"],
          [ids[1], "ben", "anna"],
        ]);
        expect(messages[0]).not.to.have.any.keys("channel", "author");
      }
      const { reply } = await read(chat, "anna", { direct: "ben", limit: 1, after: "0".repeat(26) });
      expect(reply).to.have.deep.property("cursor", { after: ids[0] });
    });

    it("does not return the messages of two other users, even to a moderator", async () => {
      const chat = storing();
      await say(chat, { from: "anna" }, pairOf("anna", { name: "ben" }));
      for (const direct of ["anna", "ben", '["anna","ben"]']) {
        expect((await read(chat, "mona", { direct })).reply).to.deep.include({ messages: [] });
      }
    });

    it("has the last message that the other user has read, only with readReceipts", async () => {
      const chat = storing();
      const pair = pairOf("anna", { name: "ben" });
      const id = await say(chat, { from: "anna" }, pair);
      await chat.readMarkers.advance({ user: "ben", channel: conversationLog(pair), id });
      expect((await read(chat, "anna", { direct: "ben" })).reply).not.to.have.property("receipt");
      const receipts = { ...chat, readReceipts: true };
      expect((await read(receipts, "anna", { direct: "ben" })).reply).to.have.property("receipt", id);
      for (const [user, frame] of [
        ["ben", { direct: "anna" }],
        ["anna", { direct: "ben", publisher: true }],
      ] as const)
        expect((await read(receipts, user, frame)).reply, user).not.to.have.property("receipt");
    });

    it("separates a backend from a user of the same name", async () => {
      const chat = storing();
      const id = await say(chat, { from: "ben", publisher: true }, pairOf("anna", { name: "ben", publisher: true }));
      expect((await read(chat, "anna", { direct: "ben" })).reply).to.deep.include({ messages: [] });
      const { reply } = await read(chat, "anna", { direct: "ben", publisher: true });
      expect(reply).to.deep.include({ publisher: true });
      expect((reply as ServerFrameOf<"conversation">).messages).to.have.length(1);
      expect((reply as ServerFrameOf<"conversation">).messages[0]).to.include({ id, from: "ben", to: "anna" });
    });

    it("is refused without the setting, to guests, and together with a channel", async () => {
      const code = async (chat: Chat, frame: object, own: Partial<Connected> = { groups: [] }) =>
        (await send(chat, await chat.enter(own), { limit: 9, ...frame })).refusal?.code;
      expect(await code(aChat(), { direct: "ben" })).to.equal("not-allowed");
      expect(await code(storing(), { direct: "ben" }, {})).to.equal("not-allowed");
      expect(await code(storing(), { direct: "ben", channel: LOBBY })).to.equal("malformed-frame");
      expect(await code(storing(), { publisher: true })).to.equal("malformed-frame");
    });
  });
});
