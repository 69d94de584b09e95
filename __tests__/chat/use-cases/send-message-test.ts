import { expect } from "chai";
import { decodeTime } from "ulid";
import { LOBBY } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { STORABLE_MILLISECONDS } from "../../../chat/message.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import type { FrameOutcome } from "../../../chat/use-cases/use-case.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, gone, LOBBY_AND_OPS } from "../../support/chat.ts";
import { rejection } from "../../support/rejection.ts";
import { saying } from "../../support/saying.ts";

const say = saying(sendMessage, "sendmessage");
const logOf = (chat: Chat, channel = LOBBY) => chat.messages.read({ channel, limit: 10, latestFirst: false });

describe("chat/use-cases/send-message", () => {
  it("says the bare data to everybody in the lobby, the sender too, and answers nothing more", async () => {
    const chat = aChat();
    const [sender, other] = [await chat.enter(), await chat.enter()];

    const outcome = await say(chat, sender, { channel: LOBBY, data: "hello world" });

    expect([chat.heard(sender), chat.heard(other)]).to.deep.equal([["hello world"], ["hello world"]]);
    expect(outcome).to.deep.equal({
      reply: undefined,
      facts: {
        tally: { delivered: 2, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0, faults: [] },
      },
    });
  });

  it("acknowledges with the message's id: always under chat.v1, and else to whoever gave an id", async () => {
    const chat = aChat();
    const [plain, json] = [await chat.enter(), await chat.enter({ protocol: "chat.v1" })];
    const frame = { channel: LOBBY, data: "hi" };
    const { reply } = await say(chat, json, frame);
    const [first] = await logOf(chat);
    expect(reply).to.deep.equal({ type: "ack", request: "sendmessage", message: first?.id });
    expect((await say(chat, plain, { ...frame, id: "c-1" })).reply).to.include({ type: "ack", id: "c-1" });
  });

  it("returns the client's id with the message, on the wire and in the history", async () => {
    const chat = aChat();
    const sender = await chat.enter({ protocol: "chat.v1" });
    await say(chat, sender, { channel: LOBBY, data: "hi", id: "c-1" });
    await say(chat, sender, { channel: LOBBY, data: "hi" });
    const idsOf = (messages: readonly unknown[]) =>
      messages.map((message) => (message as { clientMessageId?: string }).clientMessageId);
    expect(idsOf(chat.heard(sender))).to.deep.equal(["c-1", undefined]);
    expect(idsOf(await logOf(chat))).to.deep.equal(["c-1", undefined]);
  });

  it("stores a message before anybody hears it", async () => {
    const chat = aChat();
    const sender = await chat.enter();
    let stored = 0;
    chat.answer(sender, async () => {
      stored = (await logOf(chat)).length;
      return "delivered";
    });
    await say(chat, sender, { channel: LOBBY, data: "hi" });
    expect(stored).to.equal(1);
  });

  it("counts a message once it is stored, its pushes, and how long they took", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const sender = await chat.enter();
    chat.answer(sender, async () => {
      now += 7;
      return "delivered";
    });
    await say(chat, sender, { channel: LOBBY, data: "hi" });
    expect(chat.counted()).to.deep.equal({ MessagesAccepted: 1, PushesDelivered: 1, FanOutTime: 7 });
  });

  it("says nothing that could not be stored", async () => {
    const chat = aChat();
    const sender = await chat.enter();
    const store = () => Promise.reject(new Error("the table is away"));
    const outcome = say({ ...chat, messages: { ...chat.messages, store } }, sender, { channel: LOBBY, data: "hi" });
    expect(await rejection(outcome)).to.equal("the table is away");
    expect(chat.heard(sender)).to.deep.equal([]);
  });

  it("says a repeat once, and acknowledges it with the first message's id", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const [anna, ben] = [await chat.enter({ user: "anna" }), await chat.enter({ user: "ben" })];
    const frame = { channel: LOBBY, data: "hi", id: "c-1" };

    const first = await say(chat, anna, frame);
    now += 10 * 60_000 - 1;
    const second = await say(chat, anna, frame);
    expect(second.reply).to.deep.equal(first.reply);
    expect(chat.heard(ben)).to.deep.equal(["hi"]);
    await say(chat, ben, frame);
    now += 1000;
    await say(chat, anna, frame);
    expect(await logOf(chat)).to.have.length(3);
  });

  it("takes other words for no repeat, whatever their id: somebody else may have had the name", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    for (const data of ["first", "second"]) await say(chat, anna, { channel: LOBBY, data, id: "1" });
    expect(chat.heard(anna)).to.deep.equal(["first", "second"]);
  });

  it("says a repeat whose first died after the message was stored and before it was heard", async () => {
    const chat = aChat();
    const [anna, ben] = [await chat.enter({ user: "anna" }), await chat.enter({ user: "ben" })];
    const frame = { channel: LOBBY, data: "hi", id: "c-1" };
    const store: Chat["messages"]["store"] = async (message) => {
      await chat.messages.store(message);
      throw new Error("killed");
    };
    const dying = say({ ...chat, messages: { ...chat.messages, store } }, anna, frame);
    expect(await rejection(dying)).to.equal("killed");
    const [stored] = await logOf(chat);

    const { reply } = await say(chat, anna, frame);

    expect(reply).to.include({ message: stored?.id });
    expect(chat.heard(ben)).to.deep.equal(["hi"]);
    expect(await logOf(chat)).to.have.length(1);
  });

  it("says a repeat whose first was never stored", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    const message = chat.newMessageId();
    await chat.repeats.claim({ user: "anna", channel: LOBBY, id: "c-1", data: "hi", message });
    await say(chat, anna, { channel: LOBBY, data: "hi", id: "c-1" });
    expect(chat.heard(anna)).to.deep.equal(["hi"]);
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
      messages: { ...chat.messages, [call]: () => Promise.reject(new Error("the table is away")) },
    });
    const idsIn = async () => (await logOf(chat)).map(({ id }) => id);

    it("stores the message under a new id, which all further repeats get", async () => {
      await rejection(say(failing("store"), anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      const { reply } = await say(chat, anna, frame);
      const [id = ""] = await idsIn();
      expect(decodeTime(id)).to.be.at.least(now);
      expect(reply).to.include({ type: "ack", message: id });
      expect((await say(chat, anna, frame)).reply).to.include({ type: "ack", message: id });
      expect(await idsIn()).to.deep.equal([id]);
    });

    it("keeps the id of a message that was stored", async () => {
      const first = await rejection(say({ ...chat, push: () => Promise.reject(new Error("killed")) }, anna, frame));
      expect(first).to.equal("killed");
      const stored = await idsIn();
      now += STORABLE_MILLISECONDS + 1;
      const { reply } = await say(chat, anna, frame);
      expect(await idsIn()).to.deep.equal(stored);
      expect(reply).to.include({ message: stored[0] });
    });

    it("does not deliver a message that was deleted meanwhile", async () => {
      await rejection(say({ ...chat, push: () => Promise.reject(new Error("killed")) }, anna, frame));
      const [id = ""] = await idsIn();
      await chat.messages.delete({ channel: LOBBY, id });
      now += STORABLE_MILLISECONDS + 1;
      const { reply, facts } = await say(chat, anna, frame);
      expect({ reply, facts }).to.deep.equal({
        reply: { type: "ack", request: "sendmessage", id: "c-1", message: id },
        facts: { deleted: true },
      });
      expect(chat.heard(anna)).to.deep.equal([]);
    });

    it("does not store the message of the first attempt any more when its write arrives at last", async () => {
      let late: (() => Promise<boolean>) | undefined;
      const store: Chat["messages"]["store"] = (message) => {
        late = () => chat.messages.store(message);
        return Promise.reject(new Error("the write is still under way"));
      };
      await rejection(say({ ...chat, messages: { ...chat.messages, store } }, anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      await say(chat, anna, frame);
      expect(await late?.()).to.equal(false);
      expect(await idsIn()).to.have.length(1);
    });

    it("acknowledges the first attempt, whose write comes after the repeat, with the id of the repeat", async () => {
      let repeated: FrameOutcome | undefined;
      const store: Chat["messages"]["store"] = async (message) => {
        now += STORABLE_MILLISECONDS + 1;
        repeated = await say(chat, anna, frame);
        return chat.messages.store(message);
      };
      const first = await say({ ...chat, messages: { ...chat.messages, store } }, anna, frame);
      expect(first.reply).to.deep.equal(repeated?.reply);
      expect(await idsIn()).to.have.length(1);
    });

    it("completes when a repeat dies between blocking the former id and replacing it", async () => {
      await rejection(say(failing("store"), anna, frame));
      now += STORABLE_MILLISECONDS + 1;
      let claims = 0;
      const claim: Chat["repeats"]["claim"] = (...given) =>
        claims++ === 0 ? chat.repeats.claim(...given) : Promise.reject(new Error("killed"));
      expect(await rejection(say({ ...chat, repeats: { ...chat.repeats, claim } }, anna, frame))).to.equal("killed");
      await say(chat, anna, frame);
      const [id = ""] = await idsIn();
      expect(decodeTime(id)).to.be.at.least(now);
    });

    it("fails when no id can be stored in time", async () => {
      const claim: Chat["repeats"]["claim"] = async (...given) => {
        const claimed = await chat.repeats.claim(...given);
        now += STORABLE_MILLISECONDS + 1000;
        return claimed;
      };
      expect(await rejection(say({ ...chat, repeats: { ...chat.repeats, claim } }, anna, frame))).to.match(/3 times/);
      expect(await idsIn()).to.deep.equal([]);
    });
  });

  it("says nothing to who is not in the channel", async () => {
    const chat = aChat();
    const [anna, outsider] = [await chat.enter({ memberships: LOBBY_AND_OPS }), await chat.enter()];
    await say(chat, anna, { channel: "ops", data: "hi" });
    expect(chat.heard(outsider)).to.deep.equal([]);
  });

  it("refuses who is no member, and tells a channel that is not joined from one that is not there", async () => {
    const chat = aChat();
    const outsider = await chat.enter();
    await chat.channels.open("ops");
    const refusalFor = async (channel: string) => (await say(chat, outsider, { channel, data: "hi" })).refusal;
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

  it("tells the channels of those who turn out to be gone", async () => {
    const chat = aChat();
    const [sender, ghost] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    chat.answer(ghost, gone);
    await say(chat, sender, { channel: LOBBY, data: "hi" });
    expect(chat.heard(sender)[1]).to.deep.equal({ type: "left", channel: LOBBY, user: ghost.user });
  });
});
