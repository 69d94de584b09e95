import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { pairOf } from "../../../aws/table/keys.ts";
import { conversationLog } from "../../../chat/channel.ts";
import { direct } from "../../../chat/use-cases/direct.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender, gone, LOBBY_AND_OPS, OPS } from "../../support/chat.ts";

const send = frameSender(direct, "direct");

const named = async (chat: Chat, user: string, own = {}) => {
  const connected = await chat.enter({ user, ...own });
  await chat.names.claim(user, connected);
  return connected;
};

describe("chat/use-cases/direct", () => {
  it("sends the text only to the holder of the name, in the format of the holder's protocol", async () => {
    const chat = aChat();
    const anna = await named(chat, "anna", { protocol: "chat.v1" });
    const [ben, other] = [await named(chat, "ben"), await chat.enter()];
    const { reply } = await send(chat, ben, { to: "anna", data: "psst", id: "d-1" });
    const [frame] = chat.received(anna) as [{ id: string }];
    expect(frame).to.deep.include({ type: "direct", to: "anna", from: "ben", data: "psst" });
    expect(reply).to.deep.equal({ type: "ack", request: "direct", id: "d-1", message: frame.id });
    await send(chat, anna, { to: "ben", data: "yes?" });
    expect(chat.received(ben)).to.deep.equal(["yes?"]);
    expect(chat.received(other)).to.deep.equal([]);
    expect(chat.counted()).to.deep.equal({ MessagesAccepted: 2, PushesDelivered: 2 });
  });

  it("reaches a guest that members lists, in any channel of the sender", async () => {
    const chat = aChat();
    const sender = await chat.enter({ memberships: LOBBY_AND_OPS });
    const [beside, elsewhere] = [
      await chat.enter({ user: "guest-abc234", memberships: [OPS] }),
      await chat.enter({ user: "guest-xyz567", memberships: [{ channel: "plans", shard: 0 }] }),
    ];
    expect(await send(chat, sender, { to: "guest-abc234", data: "psst" })).to.have.property("reply");
    expect(chat.received(beside)).to.deep.equal(["psst"]);
    expect((await send(chat, sender, { to: "guest-xyz567", data: "psst" })).refusal?.code).to.equal("unknown-user");
    expect(chat.received(elsewhere)).to.deep.equal([]);
  });

  it("reaches a guest in a later shard of a channel", async () => {
    const chat = aChat();
    await chat.channels.open("ops");
    await chat.channels.grow("ops", 2);
    const sender = await chat.enter({ memberships: [OPS] });
    const guest = await chat.enter({ user: "guest-abc234", memberships: [{ ...OPS, shard: 1 }] });
    expect(await send(chat, sender, { to: "guest-abc234", data: "psst" })).to.have.property("reply");
    expect(chat.received(guest)).to.deep.equal(["psst"]);
  });

  it("refuses a name that is not in use", async () => {
    const chat = aChat();
    expect((await send(chat, await chat.enter(), { to: "anna", data: "psst" })).refusal?.code).to.equal("unknown-user");
  });

  it("refuses a holder that is gone, removes the connection and notifies its channels", async () => {
    const chat = aChat();
    const goneMember = await named(chat, "anna");
    const sender = await chat.enter({ protocol: "chat.v1" });
    chat.setPushOutcome(goneMember, gone);
    expect((await send(chat, sender, { to: "anna", data: "psst" })).refusal?.code).to.equal("unknown-user");
    expect(chat.received(sender)).to.deep.equal([{ type: "left", channel: "lobby", user: "anna" }]);
    expect(await chat.names.holder("anna")).to.equal(undefined);
  });

  it("reaches each connection of an authenticated user, even if others are gone", async () => {
    const chat = aChat();
    const enter = (user: string) => chat.enter({ user, groups: [] });
    const [ben, phone, laptop, goneMember] = [
      await enter("ben"),
      await enter("anna"),
      await enter("anna"),
      await enter("anna"),
    ];
    chat.setPushOutcome(goneMember, gone);
    expect(await send(chat, ben, { to: "anna", data: "psst" })).to.have.property("reply");
    for (const each of [phone, laptop]) expect(chat.received(each)).to.deep.equal(["psst"]);
    expect((await chat.users.connectionsOf("anna")).map(({ id }) => id)).to.have.members([phone.id, laptop.id]);
  });

  it("does not find an authenticated user by a name that a guest chose", async () => {
    const chat = aChat();
    await named(chat, "anna");
    const ben = await chat.enter({ user: "ben", groups: [] });
    expect((await send(chat, ben, { to: "anna", data: "psst" })).refusal?.code).to.equal("unknown-user");
  });

  it("fails if a user is connected but cannot be reached", async () => {
    const chat = aChat();
    const anna = await named(chat, "anna");
    chat.setPushOutcome(anna, async () => ({ failed: "502" }));
    expect(await rejection(send(chat, await chat.enter(), { to: "anna", data: "psst" }))).to.include("reached: 502");
  });

  describe("with directConversations", () => {
    const storing = () => aChat({ directConversations: true });
    const enter = (chat: Chat, user: string) => chat.enter({ user, groups: [], protocol: "chat.v1" });
    const readBy = async (chat: Chat, user: string, name: string) =>
      chat.messages.read({ channel: conversationLog(pairOf(user, { name })), limit: 9, latestFirst: false });

    it("stores the message, and pushes it to all connections of both users except the one that sent it", async () => {
      const chat = storing();
      const [ben, bens] = [await enter(chat, "ben"), await enter(chat, "ben")];
      const annas = [await enter(chat, "anna"), await enter(chat, "anna")];
      const { reply } = await send(chat, ben, { to: "anna", data: "psst", id: "d-1" });
      const [frame] = chat.received(bens) as [{ id: string }];
      expect(frame).to.deep.include({ type: "direct", to: "anna", from: "ben", data: "psst", clientMessageId: "d-1" });
      for (const each of annas) expect(chat.received(each)).to.deep.equal([frame]);
      expect(chat.received(ben)).to.deep.equal([]);
      expect(reply).to.deep.equal({ type: "ack", request: "direct", id: "d-1", message: frame.id });
      expect(await readBy(chat, "anna", "ben")).to.have.length(1);
      const limit = 9;
      expect(await chat.conversations.list("anna", { limit })).to.deep.include.members([
        { pair: pairOf("anna", { name: "ben" }), other: { name: "ben" }, last: frame.id },
      ]);
      expect((await chat.conversations.list("ben", { limit })).map(({ other }) => other)).to.deep.equal([
        { name: "anna" },
      ]);
      expect(chat.counted()).to.deep.equal({ MessagesAccepted: 1, PushesDelivered: 3 });
    });

    it("keeps a message for a user who is away, and refuses a name that has never connected", async () => {
      const chat = storing();
      const ben = await enter(chat, "ben");
      await chat.knownUsers.add("anna");
      expect(await send(chat, ben, { to: "anna", data: "psst" })).to.have.property("reply");
      expect(await readBy(chat, "anna", "ben")).to.have.length(1);
      expect((await send(chat, ben, { to: "ana", data: "psst" })).refusal?.code).to.equal("unknown-user");
      expect(await readBy(chat, "ana", "ben")).to.deep.equal([]);
    });

    it("stores a repeat once, and delivers it if the first attempt did not", async () => {
      const chat = storing();
      const [ben, anna] = [await enter(chat, "ben"), await enter(chat, "anna")];
      const first = sinon.stub(chat.users, "connectionsOf").onFirstCall().rejects(new Error("table")).callThrough();
      expect(await rejection(send(chat, ben, { to: "anna", data: "psst", id: "d-1" }))).to.include("table");
      first.restore();
      const { reply } = await send(chat, ben, { to: "anna", data: "psst", id: "d-1" });
      const again = await send(chat, ben, { to: "anna", data: "psst", id: "d-1" });
      expect(again).to.deep.equal({ reply, facts: { repeated: true } });
      expect(chat.received(anna)).to.have.length(1);
      expect(await readBy(chat, "anna", "ben")).to.have.length(1);
    });

    it("acknowledges a message that no connection could receive, and removes connections that are gone", async () => {
      const chat = storing();
      const [ben, slow, goneMember] = [await enter(chat, "ben"), await enter(chat, "anna"), await enter(chat, "anna")];
      chat.setPushOutcome(slow, async () => ({ failed: "502" }));
      chat.setPushOutcome(goneMember, gone);
      expect(await send(chat, ben, { to: "anna", data: "psst" })).to.have.property("reply");
      expect((await chat.users.connectionsOf("anna")).map(({ id }) => id)).to.deep.equal([slow.id]);
      expect(await readBy(chat, "anna", "ben")).to.have.length(1);
    });

    it("emits an event without the text if the recipient has no connection, or only connections that are gone", async () => {
      const chat = storing();
      const [ben, anna] = [await enter(chat, "ben"), await enter(chat, "anna")];
      await enter(chat, "ben");
      await send(chat, ben, { to: "anna", data: "received" });
      expect(chat.emitted).to.deep.equal([]);
      chat.setPushOutcome(anna, gone);
      const { reply } = await send(chat, ben, { to: "anna", data: "unreceived" });
      await send(chat, ben, { to: "anna", data: "unreceived" });
      const emitted = chat.emitted.filter(({ type }) => type === "direct message unreceived");
      expect(emitted).to.have.length(2);
      expect(emitted[0]).to.include({ id: (reply as { message: string }).message, user: "anna", from: "ben" });
      expect(emitted[0]).not.to.have.property("data");
    });

    it("sends a message to oneself once, to the user's other connections", async () => {
      const chat = storing();
      const [laptop, phone] = [await enter(chat, "anna"), await enter(chat, "anna")];
      await send(chat, laptop, { to: "anna", data: "buy milk" });
      expect(chat.received(phone)).to.have.length(1);
      expect(chat.received(laptop)).to.deep.equal([]);
      expect(await chat.conversations.list("anna", { limit: 9 })).to.have.length(1);
    });
  });

  it("keeps a holder whose handshake may be pending", async () => {
    const chat = aChat();
    const opening = await named(chat, "anna", { connectedAt: NOON });
    chat.setPushOutcome(opening, gone);
    await send(chat, await chat.enter(), { to: "anna", data: "psst" });
    expect((await chat.names.holder("anna"))?.id).to.equal(opening.id);
  });
});
