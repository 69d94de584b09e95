import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { removeConnection } from "../../../chat/presence/remove-connections.ts";
import { aConnection } from "../../support/builders.ts";
import { aChat, type Chat, LOBBY_AND_OPS, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

describe("chat/presence/remove-connections", () => {
  it("removes a connection and every membership it had, and no other", async () => {
    const chat = aChat();
    const leaving = await chat.enter({ memberships: LOBBY_AND_OPS });
    const staying = await chat.enter({ memberships: LOBBY_AND_OPS });

    expect(await removeConnection(chat, leaving.id)).to.deep.equal(leaving);

    expect(chat.size()).to.equal(3);
    expect((await allMembers(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([staying.id]);
  });

  it("removes one connection of an authenticated user, and none of the user's others", async () => {
    const chat = aChat();
    const [phone, laptop] = [
      await chat.enter({ user: "anna", groups: [] }),
      await chat.enter({ user: "anna", groups: [] }),
    ];
    await removeConnection(chat, phone.id);
    expect((await chat.users.connectionsOf("anna")).map(({ id }) => id)).to.deep.equal([laptop.id]);
  });

  it("releases the name that its user had chosen, and no other name", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    const ben = await chat.enter({ user: "ben" });
    await chat.names.claim("anna", anna);
    await chat.names.claim("ben", ben);

    await removeConnection(chat, anna.id);

    expect(await chat.names.holder("anna")).to.equal(undefined);
    expect((await chat.names.holder("ben"))?.id).to.equal(ben.id);
  });

  it("does nothing for a connection that is not stored", async () => {
    const chat = aChat();
    expect(await removeConnection(chat, aConnection().id)).to.equal(undefined);
    expect(chat.size()).to.equal(0);
  });

  it("counts a connection as closed once, even if several functions find it gone", async () => {
    const chat = aChat();
    const { id } = await chat.enter();
    await Promise.all([removeConnection(chat, id), removeConnection(chat, id)]);
    expect(chat.counted()).to.deep.equal({ ConnectionsClosed: 1 });
  });

  it("can be repeated after any of its writes, and leaves no member", async () => {
    const away = () => Promise.reject(new Error("the table is unavailable"));
    for (const broken of [
      (chat: Chat) => ({ ...chat, names: { ...chat.names, release: away } }),
      (chat: Chat) => ({ ...chat, members: { ...chat.members, remove: away } }),
      (chat: Chat) => ({ ...chat, connections: { ...chat.connections, remove: away } }),
    ]) {
      const chat = aChat();
      const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
      await chat.names.claim("anna", anna);
      expect(await rejection(removeConnection(broken(chat), anna.id))).to.equal("the table is unavailable");
      expect(await removeConnection(chat, anna.id)).to.deep.equal(anna);
      expect(chat.size()).to.equal(0);
    }
  });

  it("removes a membership that was added after its first read", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    const getEventually = async (id: string) => {
      const seen = await chat.connections.get(id);
      await chat.connections.join(id, LOBBY_SHARD);
      return seen;
    };
    await chat.members.add(LOBBY_SHARD, anna);
    await removeConnection({ ...chat, connections: { ...chat.connections, getEventually } }, anna.id);
    expect(chat.size()).to.equal(0);
  });
});
