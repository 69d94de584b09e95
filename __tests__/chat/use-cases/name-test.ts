import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { name } from "../../../chat/use-cases/name.ts";
import { aChat, type Chat, frameSender, LOBBY_AND_OPS, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const send = frameSender(name, "name");

describe("chat/use-cases/name", () => {
  it("changes the user's name in the connection and in all channels", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: LOBBY_AND_OPS });
    expect(await send(chat, anna, { data: "anna", id: "n-1" })).to.deep.equal({
      reply: { type: "ack", request: "name", id: "n-1" },
    });
    expect((await chat.stored(anna)).user).to.equal("anna");
    for (const shard of LOBBY_AND_OPS) expect((await allMembers(chat.members, shard))[0]?.user).to.equal("anna");
  });

  it("notifies the channels of the new and the former name", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1" });
    const anna = await chat.enter();
    await send(chat, anna, { data: "anna" });
    expect(chat.received(listener)).to.deep.equal([
      { type: "named", channel: LOBBY_SHARD.channel, user: "anna", before: anna.user },
    ]);
  });

  it("refuses a name that is in use, until its holder disconnects or chooses another one", async () => {
    const chat = aChat();
    const [first, second] = [await chat.enter(), await chat.enter()];
    await send(chat, first, { data: "anna" });
    expect((await send(chat, second, { data: "anna" })).refusal?.code).to.equal("name-taken");
    await send(chat, first, { data: "anne" });
    expect(await send(chat, second, { data: "anna" })).to.have.property("reply");
    expect(await send(chat, second, { data: "anna" })).to.have.property("reply");
  });

  for (const [what, lookalike] of [
    ["in another case", "ANNA"],
    ["with a Cyrillic letter", "\u0430nna"],
    ["in full-width letters", "\uff41\uff4e\uff4e\uff41"],
    ["in a mathematical script", "\ud835\udcb6nna"],
  ] as const) {
    it(`refuses the name of another user ${what}, until that user disconnects`, async () => {
      const chat = aChat();
      const [anna, eve] = [await chat.enter(), await chat.enter()];
      await send(chat, anna, { data: "anna" });
      expect((await send(chat, eve, { data: lookalike })).refusal?.code).to.equal("name-taken");
      await chat.connections.remove(anna.id);
      expect(await send(chat, eve, { data: lookalike })).to.have.property("reply");
      expect((await send(chat, await chat.enter(), { data: "anna" })).refusal?.code).to.equal("name-taken");
    });
  }

  it("lets a user change the case of their own name, and releases the look with the name", async () => {
    const chat = aChat();
    const [anna, eve] = [await chat.enter(), await chat.enter()];
    await send(chat, anna, { data: "anna" });
    expect(await send(chat, await chat.stored(anna), { data: "Anna" })).to.have.property("reply");
    expect((await send(chat, eve, { data: "anna" })).refusal?.code).to.equal("name-taken");
    await send(chat, await chat.stored(anna), { data: "ben" });
    expect(await send(chat, eve, { data: "anna" })).to.have.property("reply");
  });

  for (const name of ["chat-ops", "Chat-Ops", "\u0441hat-ops", "Guest-abc234", "gu\u0435st-abc234"]) {
    it(`refuses ${name}, which looks reserved`, async () => {
      const chat = aChat();
      expect((await send(chat, await chat.enter(), { data: name })).refusal?.code).to.equal("name-taken");
    });
  }

  it("claims a name whose connection is gone", async () => {
    const chat = aChat();
    const goneMember = await chat.enter();
    await send(chat, goneMember, { data: "anna" });
    await chat.connections.remove(goneMember.id);
    expect(await send(chat, await chat.enter(), { data: "anna" })).to.have.property("reply");
  });

  it("leaves one claim if two names are chosen at the same time", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    await Promise.all(
      ["anna", "anne"].map((data) =>
        name(chat, { connected: anna, route: "name", receivedAt: 0, deadline: Infinity, frame: { data } }),
      ),
    );
    const { user } = await chat.stored(anna);
    expect((await chat.names.holder(user))?.id).to.equal(anna.id);
    expect(await chat.names.holder(user === "anna" ? "anne" : "anna")).to.equal(undefined);
  });

  it("keeps a name that is chosen twice at the same time", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const frame = { data: "anna" };
    await Promise.all(
      [1, 2].map(() => name(chat, { connected: anna, route: "name", receivedAt: 0, deadline: Infinity, frame })),
    );
    expect((await chat.names.holder("anna"))?.id).to.equal(anna.id);
  });

  it("renames the member of a channel that is joined in the meantime", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    await chat.members.add(OPS, anna);
    await chat.connections.join(anna.id, OPS);
    await name(chat, { connected: anna, route: "name", receivedAt: 0, deadline: Infinity, frame: { data: "anna" } });
    expect((await allMembers(chat.members, OPS))[0]?.user).to.equal("anna");
  });

  it("refuses an authenticated user", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna", groups: ["staff"] });
    expect((await send(chat, anna, { data: "ben" })).refusal?.code).to.equal("fixed-name");
    expect((await chat.stored(anna)).user).to.equal("anna");
    expect(await chat.names.holder("ben")).to.equal(undefined);
  });

  it("leaves no claim if the connection ends in the meantime", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const rename = async () => undefined;
    await name(
      { ...chat, connections: { ...chat.connections, rename } },
      { connected: anna, route: "name", receivedAt: 0, deadline: Infinity, frame: { data: "anna" } },
    );
    expect(await chat.names.holder("anna")).to.equal(undefined);
  });

  it("completes a change that failed after any of its writes, if it is repeated", async () => {
    const away = () => Promise.reject(new Error("the table is unavailable"));
    for (const broken of [
      (chat: Chat) => ({ ...chat, members: { ...chat.members, rename: away } }),
      (chat: Chat) => ({ ...chat, connections: { ...chat.connections, get: away } }),
      (chat: Chat) => ({ ...chat, names: { ...chat.names, release: away } }),
    ]) {
      const chat = aChat();
      const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
      const anna = await chat.enter({ memberships: [OPS] });
      await send(chat, anna, { data: "ann" });
      const frame = {
        connected: await chat.stored(anna),
        route: "name",
        receivedAt: 0,
        deadline: Infinity,
        frame: { data: "anna" },
      };
      expect(await rejection(name(broken(chat), frame))).to.equal("the table is unavailable");
      expect(await send(chat, anna, { data: "anna" })).to.have.property("reply");
      expect((await allMembers(chat.members, OPS)).map(({ user }) => user)).to.include("anna");
      expect(await chat.names.holder("ann")).to.equal(undefined);
      expect(chat.received(listener)).to.deep.include({ type: "named", channel: "ops", user: "anna", before: "ann" });
    }
  });
});
