import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import type { Connected } from "../../../chat/connection.ts";
import type { Connections } from "../../../chat/ports.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { name } from "../../../chat/use-cases/name.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const send = frameSender(join, "join");
const AT = new Date(NOON).toISOString();
/** The chat, with `connections.join` replaced. */
const withJoin = (chat: Chat, replacement: Connections["join"]): Chat => ({
  ...chat,
  connections: { ...chat.connections, join: replacement },
});
const endConnection = (chat: Chat, connection: { id: string; connectedAt: number }) => disconnect(chat, connection.id);
const ackFor = ({ user }: Connected) => ({ reply: { type: "ack", request: "join", user, at: AT } });

describe("chat/use-cases/join", () => {
  it("adds a member, and creates the channel if it does not exist", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    expect(await send(chat, anna, { channel: "ops", id: "j-1" })).to.deep.equal({
      reply: { type: "ack", request: "join", id: "j-1", user: anna.user, at: AT },
    });
    expect((await chat.stored(anna)).memberships).to.deep.include(OPS);
    expect((await allMembers(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([anna.id]);
    expect(await chat.channels.list({ limit: 10 })).to.deep.equal(["ops"]);
  });

  it("notifies the others, but not of a membership that already exists", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna" });
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(chat.received(listener)).to.deep.equal([{ type: "joined", channel: "ops", user: "anna" }]);
  });

  it("creates a channel only for members of the allowed groups, and reports it as unknown to others", async () => {
    const chat = aChat({ channelCreators: ["staff"] });
    const [anna, ben] = [await chat.enter({ groups: ["staff"] }), await chat.enter({ groups: ["others"] })];
    expect((await send(chat, ben, { channel: "ops" })).refusal?.code).to.equal("unknown-channel");
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await send(chat, ben, { channel: "ops" })).to.deep.equal(ackFor(ben));
    expect((await send(chat, ben, { channel: "plans", private: true })).refusal?.code).to.equal("unknown-channel");
  });

  it("refuses private channels in environments without authentication", async () => {
    const chat = aChat({ privateChannels: { "~ops": ["staff"] } });
    const guest = await chat.enter();
    expect((await send(chat, guest, { channel: "plans", private: true })).refusal?.code).to.equal("unauthenticated");
    expect((await send(chat, guest, { channel: "~ops" })).refusal?.code).to.equal("unknown-channel");
    expect(await chat.channels.shardsOf("~ops")).to.equal(undefined);
  });

  it("refuses a private channel whose full name would be too long", async () => {
    const chat = aChat();
    const anna = await chat.enter({ groups: [] });
    const { refusal } = await send(chat, anna, { channel: "a".repeat(48), private: true });
    expect(refusal?.code).to.equal("bad-channel");
  });

  it("refuses the fifty-first channel", async () => {
    const chat = aChat();
    const memberships = Array.from({ length: 50 }, (_, index) => ({ channel: `c${index}`, shard: 0 }));
    const anna = await chat.enter({ memberships });
    const { refusal } = await send(chat, anna, { channel: "ops" });
    expect(refusal?.code).to.equal("too-many-channels");
    expect(await allMembers(chat.members, OPS)).to.deep.equal([]);
    expect(await chat.channels.shardsOf("ops")).to.equal(undefined);
    expect(await send(chat, anna, { channel: "c7" })).to.deep.equal(ackFor(anna));
  });

  it("can be repeated if it failed halfway", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const broken = withJoin(chat, () => Promise.reject(new Error("the table is unavailable")));
    expect(await rejection(send(broken, anna, { channel: "ops" }))).to.equal("the table is unavailable");
    expect((await chat.stored(anna)).memberships).to.not.deep.include(OPS);
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await allMembers(chat.members, OPS)).to.have.length(1);
  });

  it("leaves no member if $disconnect runs between the write of the member and of the connection", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const racing = withJoin(chat, async (...given) => {
      expect(await allMembers(chat.members, OPS)).to.have.length(1);
      await endConnection(chat, anna);
      return chat.connections.join(...given);
    });
    expect(await send(racing, anna, { channel: "ops" })).to.have.property("refusal");
    expect(chat.size()).to.equal(0);
  });

  it("ends with `left` if $disconnect sends `left` before the join sends `joined`", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna" });
    const racing = withJoin(chat, async (...given) => {
      const before = await chat.connections.join(...given);
      await endConnection(chat, anna);
      return before;
    });
    await send(racing, anna, { channel: "ops" });
    const types = chat.received(listener).map((frame) => (frame as { type: string }).type);
    expect(types).to.deep.equal(["left", "joined", "left"]);
  });

  it("chooses the same shard if it failed halfway and is repeated", async () => {
    const chat = aChat();
    await chat.channels.open("ops");
    await chat.channels.grow("ops", 16);
    const anna = await chat.enter();
    let randoms = 0;
    const random = () => (randoms++ % 8) / 8;
    const members = { ...chat.members, remove: () => Promise.reject(new Error("the function has died")) };
    const broken = withJoin({ ...chat, random, members }, () => Promise.reject(new Error("the function has died")));
    expect(await rejection(send(broken, anna, { channel: "ops" }))).to.equal("the function has died");
    expect(await send({ ...chat, random }, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    const perShard = await Promise.all(
      Array.from({ length: 16 }, (_, shard) => allMembers(chat.members, { channel: "ops", shard })),
    );
    expect(perShard.flat()).to.have.length(1);
  });

  it("leaves a member in one shard if the channel grows between two joins that overlap", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    await chat.channels.open("ops");
    const add: Chat["members"]["add"] = async (...given) => {
      await chat.members.add(...given);
      await chat.channels.grow("ops", 2);
      await send(chat, anna, { channel: "ops" });
    };
    expect(await send({ ...chat, members: { ...chat.members, add } }, anna, { channel: "ops" })).to.deep.equal(
      ackFor(anna),
    );
    const [, membership] = (await chat.stored(anna)).memberships;
    for (const shard of [0, 1]) {
      const here = await allMembers(chat.members, { channel: "ops", shard });
      expect(here).to.have.length(shard === membership?.shard ? 1 : 0);
    }
  });

  it("adds the member with a name that was chosen in the meantime", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter();
    const racing = withJoin(chat, async (...given) => {
      await name(chat, { connected: anna, route: "name", receivedAt: 0, deadline: Infinity, frame: { data: "anna" } });
      return chat.connections.join(...given);
    });
    expect(await send(racing, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect((await allMembers(chat.members, OPS)).map(({ user }) => user)).to.have.members([listener.user, "anna"]);
    expect(chat.received(listener)).to.deep.equal([{ type: "joined", channel: "ops", user: "anna" }]);
  });

  it("leaves no member if $disconnect runs just before a repeated join writes the member again", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    await chat.members.remove(OPS, anna.id);
    const broken = withJoin(chat, async (id, shard) => {
      await chat.connections.leave(id, OPS.channel);
      const before = await chat.connections.join(id, shard);
      await endConnection(chat, anna);
      return before;
    });
    await send(broken, anna, { channel: "ops" });
    expect(await allMembers(chat.members, OPS)).to.deep.equal([]);
  });

  it("leaves no member if the membership cannot be written, so that a refused client receives nothing", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const away = () => Promise.reject(new Error("the table is unavailable"));
    expect(await rejection(send(withJoin(chat, away), anna, { channel: "ops" }))).to.equal("the table is unavailable");
    expect(await allMembers(chat.members, OPS)).to.deep.equal([]);
  });

  it("adds the member again if a `leave` failed halfway", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    await chat.members.remove(OPS, anna.id);
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect((await allMembers(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([anna.id]);
  });
});
