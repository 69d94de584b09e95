import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { decodeTime, ulid } from "ulid";
import { LOBBY } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { STORABLE_MILLISECONDS } from "../../../chat/message.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import type { FrameOutcome } from "../../../chat/use-cases/use-case.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender, gone, LOBBY_AND_OPS } from "../../support/chat.ts";

const send = frameSender(sendMessage, "sendmessage");
const logOf = (chat: Chat, channel = LOBBY) => chat.messages.read({ channel, limit: 10, latestFirst: false });

describe("chat/use-cases/send-message", () => {
  it("sends the bare text to all members of the lobby, including the sender, without an acknowledgement", async () => {
    const chat = aChat();
    const [sender, other] = [await chat.enter(), await chat.enter()];

    const outcome = await send(chat, sender, { channel: LOBBY, data: "hello world" });

    expect([chat.received(sender), chat.received(other)]).to.deep.equal([["hello world"], ["hello world"]]);
    expect(outcome).to.deep.equal({
      reply: undefined,
      facts: {
        tally: { delivered: 2, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0, faults: [] },
      },
    });
  });

  it("acknowledges with the message id: always with chat.v1, otherwise only frames with an id", async () => {
    const chat = aChat();
    const [plain, json] = [await chat.enter(), await chat.enter({ protocol: "chat.v1" })];
    const frame = { channel: LOBBY, data: "hi" };
    const { reply } = await send(chat, json, frame);
    const [first] = await logOf(chat);
    expect(reply).to.deep.equal({ type: "ack", request: "sendmessage", message: first?.id });
    expect((await send(chat, plain, { ...frame, id: "c-1" })).reply).to.include({ type: "ack", id: "c-1" });
  });

  it("returns the client's id with the message, on the wire and in the history", async () => {
    const chat = aChat();
    const sender = await chat.enter({ protocol: "chat.v1" });
    await send(chat, sender, { channel: LOBBY, data: "hi", id: "c-1" });
    await send(chat, sender, { channel: LOBBY, data: "hi" });
    const idsOf = (messages: readonly unknown[]) =>
      messages.map((message) => (message as { clientMessageId?: string }).clientMessageId);
    expect(idsOf(chat.received(sender))).to.deep.equal(["c-1", undefined]);
    expect(idsOf(await logOf(chat))).to.deep.equal(["c-1", undefined]);
  });

  it("stores and delivers a reply and mentions without reading the original message or the users", async () => {
    const chat = aChat();
    const [plain, json] = [await chat.enter(), await chat.enter({ protocol: "chat.v1" })];
    const own = { replyTo: ulid(NOON - 1), mentions: ["ben", "nobody"] };
    await send(chat, json, { channel: LOBBY, data: "hi @ben", ...own });
    expect((await logOf(chat))[0]).to.deep.include(own);
    expect(chat.received(json)[0]).to.deep.include(own);
    expect(chat.received(plain)).to.deep.equal(["hi @ben"]);
  });

  it("stores a message before it is pushed", async () => {
    const chat = aChat();
    const sender = await chat.enter();
    let stored = 0;
    chat.setPushOutcome(sender, async () => {
      stored = (await logOf(chat)).length;
      return "delivered";
    });
    await send(chat, sender, { channel: LOBBY, data: "hi" });
    expect(stored).to.equal(1);
  });

  it("counts a message after it is stored, its pushes, and their duration", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const sender = await chat.enter();
    chat.setPushOutcome(sender, async () => {
      now += 7;
      return "delivered";
    });
    await send(chat, sender, { channel: LOBBY, data: "hi" });
    expect(chat.counted()).to.deep.equal({ MessagesAccepted: 1, PushesDelivered: 1, FanOutTime: 7 });
  });

  it("does not deliver a message that cannot be stored", async () => {
    const chat = aChat();
    const sender = await chat.enter();
    const store = () => Promise.reject(new Error("the table is unavailable"));
    const outcome = send({ ...chat, messages: { ...chat.messages, store } }, sender, { channel: LOBBY, data: "hi" });
    expect(await rejection(outcome)).to.equal("the table is unavailable");
    expect(chat.received(sender)).to.deep.equal([]);
  });

  it("delivers a repeated frame once, and acknowledges it with the first message id", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const [anna, ben] = [await chat.enter({ user: "anna" }), await chat.enter({ user: "ben" })];
    const frame = { channel: LOBBY, data: "hi", id: "c-1" };

    const first = await send(chat, anna, frame);
    now += 10 * 60_000 - 1;
    const second = await send(chat, anna, frame);
    expect(second.reply).to.deep.equal(first.reply);
    expect(chat.received(ben)).to.deep.equal(["hi"]);
    await send(chat, ben, frame);
    now += 1000;
    await send(chat, anna, frame);
    expect(await logOf(chat)).to.have.length(3);
  });

  it("does not treat another text with the same id as a repeat: another user may have had the name", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    for (const data of ["first", "second"]) await send(chat, anna, { channel: LOBBY, data, id: "1" });
    expect(chat.received(anna)).to.deep.equal(["first", "second"]);
  });

  it("delivers a repeat if the first function died after storing the message and before pushing it", async () => {
    const chat = aChat();
    const [anna, ben] = [await chat.enter({ user: "anna" }), await chat.enter({ user: "ben" })];
    const frame = { channel: LOBBY, data: "hi", id: "c-1" };
    const store: Chat["messages"]["store"] = async (message) => {
      await chat.messages.store(message);
      throw new Error("killed");
    };
    const dying = send({ ...chat, messages: { ...chat.messages, store } }, anna, frame);
    expect(await rejection(dying)).to.equal("killed");
    const [stored] = await logOf(chat);

    const { reply } = await send(chat, anna, frame);

    expect(reply).to.include({ message: stored?.id });
    expect(chat.received(ben)).to.deep.equal(["hi"]);
    expect(await logOf(chat)).to.have.length(1);
  });

  it("delivers a repeat if the first attempt stored nothing", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    const message = chat.newMessageId();
    await chat.repeats.claim({ user: "anna", channel: LOBBY, id: "c-1", data: "hi", message });
    await send(chat, anna, { channel: LOBBY, data: "hi", id: "c-1" });
    expect(chat.received(anna)).to.deep.equal(["hi"]);
    expect((await logOf(chat))[0]?.id).to.equal(message);
  });

  describe("when a repeat comes too late for the id of the first attempt", () => {
    const frame = { channel: LOBBY, data: "hi", id: "c-1" };
    let now = NOON;
    let chat: Chat;
    let anna: Connected;
    beforeEach(async () => {
      now = NOON;
      chat = aChat({ now: () => now });
      anna = await chat.enter({ user: "anna", protocol: "chat.v1" });
    });
    const failing = (call: "store" | "block"): Chat => ({
      ...chat,
      messages: { ...chat.messages, [call]: () => Promise.reject(new Error("the table is unavailable")) },
    });
    const idsIn = async () => (await logOf(chat)).map(({ id }) => id);

    it("stores the message under a new id, which all further repeats get", async () => {
      await rejection(send(failing("store"), anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      const { reply } = await send(chat, anna, frame);
      const [id = ""] = await idsIn();
      expect(decodeTime(id)).to.be.at.least(now);
      expect(reply).to.include({ type: "ack", message: id });
      expect((await send(chat, anna, frame)).reply).to.include({ type: "ack", message: id });
      expect(await idsIn()).to.deep.equal([id]);
    });

    it("keeps the id of a message that was stored", async () => {
      const first = await rejection(send({ ...chat, push: () => Promise.reject(new Error("killed")) }, anna, frame));
      expect(first).to.equal("killed");
      const stored = await idsIn();
      now += STORABLE_MILLISECONDS + 1;
      const { reply } = await send(chat, anna, frame);
      expect(await idsIn()).to.deep.equal(stored);
      expect(reply).to.include({ message: stored[0] });
    });

    it("does not deliver a message that was deleted in the meantime", async () => {
      await rejection(send({ ...chat, push: () => Promise.reject(new Error("killed")) }, anna, frame));
      const [id = ""] = await idsIn();
      await chat.messages.delete({ channel: LOBBY, id });
      now += STORABLE_MILLISECONDS + 1;
      const { reply, facts } = await send(chat, anna, frame);
      expect({ reply, facts }).to.deep.equal({
        reply: { type: "ack", request: "sendmessage", id: "c-1", message: id },
        facts: { deleted: true },
      });
      expect(chat.received(anna)).to.deep.equal([]);
    });

    it("does not store the message of the first attempt when its write arrives late", async () => {
      let late: (() => Promise<boolean>) | undefined;
      const store: Chat["messages"]["store"] = (message) => {
        late = () => chat.messages.store(message);
        return Promise.reject(new Error("the write is still under way"));
      };
      await rejection(send({ ...chat, messages: { ...chat.messages, store } }, anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      await send(chat, anna, frame);
      expect(await late?.()).to.equal(false);
      expect(await idsIn()).to.have.length(1);
    });

    it("acknowledges the first attempt, whose write comes after the repeat, with the id of the repeat", async () => {
      let repeated: FrameOutcome | undefined;
      const store: Chat["messages"]["store"] = async (message) => {
        now += STORABLE_MILLISECONDS + 1;
        repeated = await send(chat, anna, frame);
        return chat.messages.store(message);
      };
      const first = await send({ ...chat, messages: { ...chat.messages, store } }, anna, frame);
      expect(first.reply).to.deep.equal(repeated?.reply);
      expect(await idsIn()).to.have.length(1);
    });

    it("completes when a repeat dies between blocking the former id and replacing it", async () => {
      await rejection(send(failing("store"), anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      let claims = 0;
      const claim: Chat["repeats"]["claim"] = (...given) =>
        claims++ === 0 ? chat.repeats.claim(...given) : Promise.reject(new Error("killed"));
      expect(await rejection(send({ ...chat, repeats: { ...chat.repeats, claim } }, anna, frame))).to.equal("killed");
      await send(chat, anna, frame);
      const [id = ""] = await idsIn();
      expect(decodeTime(id)).to.be.at.least(now);
    });

    it("fails when no id can be stored in time", async () => {
      const claim: Chat["repeats"]["claim"] = async (...given) => {
        const claimed = await chat.repeats.claim(...given);
        now += STORABLE_MILLISECONDS + 1000;
        return claimed;
      };
      expect(await rejection(send({ ...chat, repeats: { ...chat.repeats, claim } }, anna, frame))).to.match(/3 times/);
      expect(await idsIn()).to.deep.equal([]);
    });
  });

  it("delivers nothing to users who are not members", async () => {
    const chat = aChat();
    const [anna, outsider] = [await chat.enter({ memberships: LOBBY_AND_OPS }), await chat.enter()];
    await send(chat, anna, { channel: "ops", data: "hi" });
    expect(chat.received(outsider)).to.deep.equal([]);
  });

  it("refuses a user who is not a member, with different errors for existing and unknown channels", async () => {
    const chat = aChat();
    const outsider = await chat.enter();
    await chat.channels.open("ops");
    const refusalFor = async (channel: string) => (await send(chat, outsider, { channel, data: "hi" })).refusal;
    expect(await refusalFor("ops")).to.deep.equal({
      code: "not-a-member",
      detail: 'You are not a member of the channel "ops". Join it first.',
    });
    expect(await refusalFor("nowhere")).to.deep.equal({
      code: "unknown-channel",
      detail:
        'The channel "nowhere" does not exist, or you have no access to it. Joining it creates it if you are allowed to.',
    });
  });

  it("notifies the channels of connections that turn out to be gone", async () => {
    const chat = aChat();
    const [sender, goneMember] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    chat.setPushOutcome(goneMember, gone);
    await send(chat, sender, { channel: LOBBY, data: "hi" });
    expect(chat.received(sender)[1]).to.deep.equal({ type: "left", channel: LOBBY, user: goneMember.user });
  });
});
