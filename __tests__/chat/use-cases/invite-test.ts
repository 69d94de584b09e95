import { expect } from "chai";
import { tagOf } from "../../../aws/runtime.ts";
import { invite } from "../../../chat/use-cases/invite.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { aChat, type Chat, frameSender, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const send = frameSender(invite, "invite");
const requestJoin = frameSender(join, "join");
const PLANS = { channel: `~plans-${tagOf("anna")}`, shard: 0 };
const { channel } = PLANS;

const enter = (chat: Chat, user: string, own = {}) =>
  chat.enter({ user, groups: [], protocol: "chat.v1", memberships: [], ...own });

describe("chat/use-cases/invite", () => {
  it("notifies each connection of the user, and lets the user join", async () => {
    const chat = aChat();
    const anna = await enter(chat, "anna", { memberships: [PLANS] });
    const [phone, laptop] = [await enter(chat, "ben"), await enter(chat, "ben")];
    const { reply } = await send(chat, anna, { channel, user: "ben", id: "i" });
    expect(reply).to.deep.equal({ type: "ack", request: "invite", id: "i" });
    const invited = [{ type: "invited", channel, by: "anna" }];
    expect([phone, laptop].map(chat.received)).to.deep.equal([invited, invited]);
    expect(await requestJoin(chat, phone, { channel })).to.have.property("reply");
  });

  it("stays valid for a user who is not connected", async () => {
    const chat = aChat();
    await send(chat, await enter(chat, "anna", { memberships: [PLANS] }), { channel, user: "ben" });
    expect(await requestJoin(chat, await enter(chat, "ben"), { channel })).to.have.property("reply");
  });

  it("refuses a user who did not create the channel, and any public channel", async () => {
    const chat = aChat();
    const ben = await enter(chat, "ben", { memberships: [PLANS, OPS] });
    for (const to of [channel, "ops"]) {
      expect((await send(chat, ben, { channel: to, user: "eve" })).refusal?.code, to).to.equal("not-allowed");
    }
  });

  it("removes every connection of the user from the channel when it is revoked, and notifies the others", async () => {
    const chat = aChat();
    const anna = await enter(chat, "anna", { memberships: [PLANS] });
    await send(chat, anna, { channel, user: "ben" });
    const [phone, laptop] = [await enter(chat, "ben"), await enter(chat, "ben")];
    for (const connection of [phone, laptop]) await requestJoin(chat, connection, { channel });
    await send(chat, anna, { channel, user: "ben", revoke: true });
    expect((await allMembers(chat.members, PLANS)).map(({ user }) => user)).to.deep.equal(["anna"]);
    expect(chat.received(anna).at(-1)).to.deep.equal({ type: "left", channel, user: "ben" });
    for (const ben of [phone, laptop]) {
      expect(chat.received(ben).at(-1)).to.deep.equal({ type: "revoked", channel, by: "anna" });
    }
    expect((await requestJoin(chat, phone, { channel })).refusal?.code).to.equal("unknown-channel");
  });

  it("removes a user whose join overlaps the revocation", async () => {
    const chat = aChat();
    const anna = await enter(chat, "anna", { memberships: [PLANS] });
    const ben = await enter(chat, "ben");
    await send(chat, anna, { channel, user: "ben" });
    const racing: Chat = {
      ...chat,
      members: {
        ...chat.members,
        add: async (...given) => {
          await send(chat, anna, { channel, user: "ben", revoke: true });
          return chat.members.add(...given);
        },
      },
    };
    expect((await requestJoin(racing, ben, { channel })).refusal?.code).to.equal("unknown-channel");
    expect((await allMembers(chat.members, PLANS)).map(({ user }) => user)).to.deep.equal(["anna"]);
    expect((await chat.stored(ben)).memberships).to.deep.equal([]);
  });

  it("removes the member that an unfinished join left, from every shard", async () => {
    const chat = aChat();
    await chat.channels.open(channel);
    await chat.channels.grow(channel, 2);
    const anna = await enter(chat, "anna", { memberships: [PLANS] });
    const ben = await enter(chat, "ben", { memberships: [] });
    for (const shard of [0, 1]) await chat.members.add({ channel, shard }, ben);
    await send(chat, anna, { channel, user: "ben", revoke: true });
    for (const shard of [0, 1]) {
      const ids = (await allMembers(chat.members, { channel, shard })).map(({ id }) => id);
      expect(ids, String(shard)).to.not.include(ben.id);
    }
  });
});
