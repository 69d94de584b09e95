import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
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

  it("keeps a holder whose handshake may be pending", async () => {
    const chat = aChat();
    const opening = await named(chat, "anna", { connectedAt: NOON });
    chat.setPushOutcome(opening, gone);
    await send(chat, await chat.enter(), { to: "anna", data: "psst" });
    expect((await chat.names.holder("anna"))?.id).to.equal(opening.id);
  });
});
