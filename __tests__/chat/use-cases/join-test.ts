import { expect } from "chai";
import type { Connected } from "../../../chat/connection.ts";
import type { Connections } from "../../../chat/ports.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { name } from "../../../chat/use-cases/name.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, OPS } from "../../support/chat.ts";
import { everybody } from "../../support/memory.ts";
import { rejection } from "../../support/rejection.ts";
import { saying } from "../../support/saying.ts";

const ask = saying(join, "join");
const AT = new Date(NOON).toISOString();
/** The chat, whose connections do something else when one joins. */
const joining = (chat: Chat, own: Connections["join"]): Chat => ({
  ...chat,
  connections: { ...chat.connections, join: own },
});
const hangUp = (chat: Chat, connection: { id: string; connectedAt: number }) => disconnect(chat, connection.id);
const ackFor = ({ user }: Connected) => ({ reply: { type: "ack", request: "join", user, at: AT } });

describe("chat/use-cases/join", () => {
  it("makes a member, and the channel if need be", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    expect(await ask(chat, anna, { channel: "ops", id: "j-1" })).to.deep.equal({
      reply: { type: "ack", request: "join", id: "j-1", user: anna.user, at: AT },
    });
    expect((await chat.stored(anna)).memberships).to.deep.include(OPS);
    expect((await everybody(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([anna.id]);
    expect(await chat.channels.list({ limit: 10 })).to.deep.equal(["ops"]);
  });

  it("tells the others, and says nothing of a membership that is there already", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna" });
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(chat.heard(listener)).to.deep.equal([{ type: "joined", channel: "ops", user: "anna" }]);
  });

  it("makes a channel for whose groups may, and has it not be there for others", async () => {
    const chat = aChat({ channelMakers: ["staff"] });
    const [anna, ben] = [await chat.enter({ groups: ["staff"] }), await chat.enter({ groups: ["others"] })];
    expect((await ask(chat, ben, { channel: "ops" })).refusal?.code).to.equal("unknown-channel");
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await ask(chat, ben, { channel: "ops" })).to.deep.equal(ackFor(ben));
    expect((await ask(chat, ben, { channel: "plans", private: true })).refusal?.code).to.equal("unknown-channel");
  });

  it("has no private channels where nobody is asked who they are", async () => {
    const chat = aChat({ privateChannels: { "~ops": ["staff"] } });
    const guest = await chat.enter();
    expect((await ask(chat, guest, { channel: "plans", private: true })).refusal?.code).to.equal("unauthenticated");
    expect((await ask(chat, guest, { channel: "~ops" })).refusal?.code).to.equal("unknown-channel");
    expect(await chat.channels.shardsOf("~ops")).to.equal(undefined);
  });

  it("refuses a private channel whose full name would be too long", async () => {
    const chat = aChat();
    const anna = await chat.enter({ groups: [] });
    const { refusal } = await ask(chat, anna, { channel: "a".repeat(48), private: true });
    expect(refusal?.code).to.equal("bad-channel");
  });

  it("refuses the fifty-first channel", async () => {
    const chat = aChat();
    const memberships = Array.from({ length: 50 }, (_, index) => ({ channel: `c${index}`, shard: 0 }));
    const anna = await chat.enter({ memberships });
    const { refusal } = await ask(chat, anna, { channel: "ops" });
    expect(refusal?.code).to.equal("too-many-channels");
    expect(await everybody(chat.members, OPS)).to.deep.equal([]);
    expect(await chat.channels.shardsOf("ops")).to.equal(undefined);
    expect(await ask(chat, anna, { channel: "c7" })).to.deep.equal(ackFor(anna));
  });

  it("can be tried again when it broke off", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const broken = joining(chat, () => Promise.reject(new Error("the table is away")));
    expect(await rejection(ask(broken, anna, { channel: "ops" }))).to.equal("the table is away");
    expect((await chat.stored(anna)).memberships).to.not.deep.include(OPS);
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect(await everybody(chat.members, OPS)).to.have.length(1);
  });

  it("leaves no member behind when $disconnect comes between the member and the connection", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const racing = joining(chat, async (...given) => {
      expect(await everybody(chat.members, OPS)).to.have.length(1);
      await hangUp(chat, anna);
      return chat.connections.join(...given);
    });
    expect(await ask(racing, anna, { channel: "ops" })).to.have.property("refusal");
    expect(chat.size()).to.equal(0);
  });

  it("tells the others last that who joined has gone, when $disconnect told them before they knew", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna" });
    const racing = joining(chat, async (...given) => {
      const before = await chat.connections.join(...given);
      await hangUp(chat, anna);
      return before;
    });
    await ask(racing, anna, { channel: "ops" });
    const types = chat.heard(listener).map((frame) => (frame as { type: string }).type);
    expect(types).to.deep.equal(["left", "joined", "left"]);
  });

  it("chooses the same shard again when it broke off and is repeated", async () => {
    const chat = aChat();
    await chat.channels.open("ops");
    await chat.channels.grow("ops", 16);
    const anna = await chat.enter();
    let randoms = 0;
    const random = () => (randoms++ % 8) / 8;
    const members = { ...chat.members, remove: () => Promise.reject(new Error("the function has died")) };
    const broken = joining({ ...chat, random, members }, () => Promise.reject(new Error("the function has died")));
    expect(await rejection(ask(broken, anna, { channel: "ops" }))).to.equal("the function has died");
    expect(await ask({ ...chat, random }, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    const perShard = await Promise.all(
      Array.from({ length: 16 }, (_, shard) => everybody(chat.members, { channel: "ops", shard })),
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
      await ask(chat, anna, { channel: "ops" });
    };
    expect(await ask({ ...chat, members: { ...chat.members, add } }, anna, { channel: "ops" })).to.deep.equal(
      ackFor(anna),
    );
    const [, membership] = (await chat.stored(anna)).memberships;
    for (const shard of [0, 1]) {
      const here = await everybody(chat.members, { channel: "ops", shard });
      expect(here).to.have.length(shard === membership?.shard ? 1 : 0);
    }
  });

  it("makes a member of the name that was chosen meanwhile", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter();
    const racing = joining(chat, async (...given) => {
      await name(chat, { connected: anna, route: "name", deadline: Infinity, frame: { data: "anna" } });
      return chat.connections.join(...given);
    });
    expect(await ask(racing, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect((await everybody(chat.members, OPS)).map(({ user }) => user)).to.have.members([listener.user, "anna"]);
    expect(chat.heard(listener)).to.deep.equal([{ type: "joined", channel: "ops", user: "anna" }]);
  });

  it("leaves no member when $disconnect comes before the member that a leave may have removed is written again", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    await chat.members.remove(OPS, anna.id);
    const broken = joining(chat, async (id, shard) => {
      await chat.connections.leave(id, OPS.channel);
      const before = await chat.connections.join(id, shard);
      await hangUp(chat, anna);
      return before;
    });
    await ask(broken, anna, { channel: "ops" });
    expect(await everybody(chat.members, OPS)).to.deep.equal([]);
  });

  it("leaves no member where the connection could not be joined, so that nobody hears a channel that refused them", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const away = () => Promise.reject(new Error("the table is away"));
    expect(await rejection(ask(joining(chat, away), anna, { channel: "ops" }))).to.equal("the table is away");
    expect(await everybody(chat.members, OPS)).to.deep.equal([]);
  });

  it("makes a member again of a connection whose `leave` broke off", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    await chat.members.remove(OPS, anna.id);
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ackFor(anna));
    expect((await everybody(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([anna.id]);
  });
});
