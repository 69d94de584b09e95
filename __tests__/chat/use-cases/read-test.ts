import { expect } from "chai";
import { encodeTime, ulid } from "ulid";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import type { Correspondent } from "../../../chat/message-ports.ts";
import { read } from "../../../chat/use-cases/read.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { aChat, type Chat, failing, frameSender, LOBBY_AND_OPS } from "../../support/chat.ts";

const send = frameSender(read, "read");
const own = { user: "anna", groups: [], protocol: "chat.v1" } as const;
const [earlier, later] = [ulid(NOON - 2), ulid(NOON - 1)];

describe("chat/use-cases/read", () => {
  it("stores the marker, and notifies only the user's other connections", async () => {
    const chat = aChat();
    const [phone, laptop] = [await chat.enter({ ...own, memberships: LOBBY_AND_OPS }), await chat.enter(own)];
    const ben = await chat.enter({ ...own, user: "ben", memberships: LOBBY_AND_OPS });
    const { reply } = await send(chat, phone, { channel: "ops", target: later, id: "c-1" });
    expect(reply).to.deep.equal({ type: "ack", request: "read", id: "c-1" });
    expect(chat.received(laptop)).to.deep.equal([{ type: "read", channel: "ops", id: later }]);
    for (const other of [phone, ben]) expect(chat.received(other)).to.deep.equal([]);
    expect([...(await chat.readMarkers.list("anna"))]).to.deep.equal([["ops", later]]);
  });

  it("does not move a marker back, and does not notify about it", async () => {
    const chat = aChat();
    const [phone, laptop] = [await chat.enter(own), await chat.enter(own)];
    await send(chat, phone, { channel: LOBBY, target: later });
    const outcome = await send(chat, laptop, { channel: LOBBY, target: earlier });
    expect(outcome).to.deep.equal({ reply: { type: "ack", request: "read" }, facts: { unchanged: true } });
    expect(chat.received(phone)).to.deep.equal([]);
    expect((await chat.readMarkers.list("anna")).get(LOBBY)).to.equal(later);
  });

  it("notifies again when it is repeated", async () => {
    const chat = aChat();
    const [phone, laptop] = [await chat.enter(own), await chat.enter(own)];
    for (let times = 0; times < 2; times += 1) await send(chat, phone, { channel: LOBBY, target: later });
    expect(chat.received(laptop)).to.have.length(2);
  });

  it("stores the marker even if the user cannot be notified, and logs why", async () => {
    const chat = aChat();
    const [phone, laptop] = [await chat.enter(own), await chat.enter(own)];
    chat.setPushOutcome(laptop, failing);
    const { reply, facts } = await send(chat, phone, { channel: LOBBY, target: later });
    expect(reply).to.have.property("type", "ack");
    expect(facts).to.deep.equal({ unnotified: "500" });
  });

  it("refuses an id in the future or before the retention, which no message can have", async () => {
    const chat = aChat();
    const anna = await chat.enter(own);
    const refused = async (target: string) => (await send(chat, anna, { channel: LOBBY, target })).refusal?.code;
    const expired = NOON - chat.messageRetentionDays * 24 * 60 * 60 * 1000;
    for (const time of [NOON + 60_000, 2 ** 48 - 1, expired, 0])
      expect(await refused(encodeTime(time) + "0".repeat(16)), String(time)).to.equal("unknown-message");
    for (const time of [NOON + 5_000, expired + 60_000])
      expect(await refused(encodeTime(time) + "0".repeat(16)), String(time)).to.equal(undefined);
  });

  describe("in a conversation", () => {
    const storing = { directConversations: true } as const;
    const logWith = (chat: Chat, other: Correspondent) => conversationLog(chat.pairOf("anna", other));
    const enterBoth = async (chat: Chat) => {
      for (const other of [{ name: "ben" }, { name: "ben", publisher: true }, { name: "anna" }] as const)
        for (const id of [earlier, later])
          await chat.messages.store(aMessage({ id, channel: logWith(chat, other), from: other.name }));
      return [await chat.enter(own), await chat.enter(own), await chat.enter({ ...own, user: "ben" })] as const;
    };
    const frame = { direct: "ben", target: later };

    it("stores the marker, and notifies only the user's other connections", async () => {
      const chat = aChat(storing);
      const [phone, laptop, ben] = await enterBoth(chat);
      expect((await send(chat, phone, frame)).reply).to.deep.equal({ type: "ack", request: "read" });
      expect(chat.received(laptop)).to.deep.equal([{ type: "read", direct: "ben", id: later }]);
      for (const other of [phone, ben]) expect(chat.received(other)).to.deep.equal([]);
      expect(await chat.readMarkers.get("anna", logWith(chat, { name: "ben" }))).to.equal(later);
      expect([...(await chat.readMarkers.list("anna"))]).to.deep.equal([]);
    });

    it("notifies the other user with readReceipts, unless the marker did not move", async () => {
      const chat = aChat({ ...storing, readReceipts: true });
      const [phone, , ben] = await enterBoth(chat);
      await send(chat, phone, frame);
      await send(chat, phone, { ...frame, target: earlier });
      expect(chat.received(ben)).to.deep.equal([{ type: "receipt", direct: "anna", id: later }]);
    });

    it("with a backend, or with oneself, notifies no other user", async () => {
      const chat = aChat({ ...storing, readReceipts: true });
      const [phone, laptop, ben] = await enterBoth(chat);
      await send(chat, phone, { ...frame, publisher: true });
      await send(chat, phone, { ...frame, direct: "anna" });
      expect(chat.received(ben)).to.deep.equal([]);
      expect(chat.received(laptop)).to.deep.equal([
        { type: "read", direct: "ben", publisher: true, id: later },
        { type: "read", direct: "anna", id: later },
      ]);
    });

    it("is refused if the conversation does not have the message, and notifies no user", async () => {
      const chat = aChat({ ...storing, readReceipts: true });
      const [phone, laptop, ben] = await enterBoth(chat);
      const clara = await chat.enter({ ...own, user: "clara" });
      const inLobby = ulid(NOON);
      await chat.messages.store(aMessage({ id: inLobby, channel: LOBBY, from: "ben" }));
      for (const wrong of [
        { direct: "clara", target: later },
        { direct: "ben", target: inLobby },
        { direct: "clara", publisher: true, target: later },
      ])
        expect((await send(chat, phone, wrong)).refusal?.code, wrong.direct).to.equal("unknown-message");
      for (const other of [laptop, ben, clara]) expect(chat.received(other)).to.deep.equal([]);
      expect(await chat.readMarkers.get("anna", logWith(chat, { name: "clara" }))).to.equal(undefined);
    });

    it("is refused if direct messages are not stored, or with a channel", async () => {
      const chat = aChat();
      const anna = await chat.enter(own);
      expect((await send(chat, anna, frame)).refusal?.code).to.equal("not-allowed");
      const both = { ...frame, channel: LOBBY };
      expect((await send(chat, anna, both)).refusal?.code).to.equal("malformed-frame");
      const alone = { publisher: true, target: later };
      expect((await send(chat, anna, alone)).refusal?.code).to.equal("malformed-frame");
    });
  });

  it("refuses users who are not members of the channel, and reveals no private channel", async () => {
    const chat = aChat();
    const anna = await chat.enter(own);
    await chat.channels.open("ops");
    for (const [channel, code] of [
      ["ops", "not-a-member"],
      ["~ops", "unknown-channel"],
    ] as const) {
      expect((await send(chat, anna, { channel, target: later })).refusal?.code, channel).to.equal(code);
    }
    expect([...(await chat.readMarkers.list("anna"))]).to.deep.equal([]);
  });
});
