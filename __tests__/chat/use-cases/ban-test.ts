import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { ban } from "../../../chat/use-cases/ban.ts";
import { connect } from "../../../chat/use-cases/connect.ts";
import { unban } from "../../../chat/use-cases/unban.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const requestBan = frameSender(ban, "ban");
const requestUnban = frameSender(unban, "unban");

const aModeratedChat = (now = () => NOON) => aChat({ authentication: "jwt", moderators: ["moderators"], now });
const enter = (chat: Chat, user: string, groups: string[] = []) => chat.enter({ user, groups, protocol: "chat.v1" });
const mona = (chat: Chat) => enter(chat, "mona", ["moderators"]);

let handshakes = 0;
/** Whether another handshake of a user is refused because of a ban. */
async function isRefused(chat: Chat, user: string): Promise<boolean> {
  const { refused } = await connect(chat, {
    connection: { id: `handshake-${handshakes++}`, connectedAt: NOON },
    identity: { user, groups: [] },
    subprotocols: [],
    address: "192.0.2.1",
  });
  return refused === "banned";
}

describe("chat/use-cases/ban", () => {
  it("notifies and closes each connection of the user, and refuses new ones", async () => {
    const chat = aModeratedChat();
    const moderator = await mona(chat);
    const [phone, laptop] = [await enter(chat, "ben"), await enter(chat, "ben")];
    expect((await requestBan(chat, moderator, { user: "ben" })).reply).to.deep.equal({ type: "ack", request: "ban" });
    for (const { id } of [phone, laptop]) expect(chat.received({ id })).to.deep.equal([{ type: "banned", by: "mona" }]);
    expect(chat.closed).to.have.members([phone.id, laptop.id]);
    expect(chat.received(moderator)).to.deep.equal([{ type: "left", channel: "lobby", user: "ben" }]);
    expect((await allMembers(chat.members, LOBBY_SHARD)).map(({ user }) => user)).to.deep.equal(["mona"]);
    expect(await isRefused(chat, "ben")).to.equal(true);
    expect(await isRefused(chat, "eve")).to.equal(false);
  });

  it("refuses a handshake before any write", async () => {
    const chat = aModeratedChat();
    await requestBan(chat, await mona(chat), { user: "ben" });
    const add = () => expect.fail();
    const unwritable = { ...chat, connections: { ...chat.connections, add } };
    expect(await isRefused(unwritable, "ben")).to.equal(true);
  });

  it("expires, and the notice to the user states when", async () => {
    let now = NOON;
    const chat = aModeratedChat(() => now);
    const [moderator, ben] = [await mona(chat), await enter(chat, "ben")];
    await requestBan(chat, moderator, { user: "ben", seconds: 60 });
    expect(chat.received(ben)).to.deep.equal([{ type: "banned", by: "mona", until: "2026-07-01T12:01:00.000Z" }]);
    now = NOON + 59_999;
    expect(await isRefused(chat, "ben")).to.equal(true);
    now = NOON + 60_000;
    expect(await isRefused(chat, "ben")).to.equal(false);
  });

  it("applies to users who are not connected, and to other moderators", async () => {
    const chat = aModeratedChat();
    const moderator = await mona(chat);
    const max = await enter(chat, "max", ["moderators"]);
    for (const user of ["ben", "max"]) expect(await requestBan(chat, moderator, { user })).to.have.property("reply");
    expect(chat.closed).to.deep.equal([max.id]);
    for (const user of ["ben", "max"]) expect(await isRefused(chat, user)).to.equal(true);
  });

  it("is refused for users who are not moderators, and for the moderator's own user", async () => {
    const chat = aModeratedChat();
    const [moderator, ben] = [await mona(chat), await enter(chat, "ben", ["staff"])];
    expect((await requestBan(chat, ben, { user: "eve" })).refusal?.code).to.equal("not-allowed");
    expect((await requestBan(chat, moderator, { user: "mona" })).refusal?.code).to.equal("not-allowed");
    for (const user of ["eve", "mona"]) expect(await isRefused(chat, user)).to.equal(false);
    expect(chat.closed).to.deep.equal([]);
  });

  it("is stored before anything else, so it holds if the invocation ends early", async () => {
    const chat = aModeratedChat();
    const [moderator] = [await mona(chat), await enter(chat, "ben")];
    const connectionsOf = () => Promise.reject(new Error("The table cannot be read."));
    await rejection(requestBan({ ...chat, users: { ...chat.users, connectionsOf } }, moderator, { user: "ben" }));
    expect(await isRefused(chat, "ben")).to.equal(true);
  });

  it("closes a connection again that opens while it is removed", async () => {
    const chat = aModeratedChat();
    const moderator = await mona(chat);
    const opening = await chat.enter({ user: "ben", groups: [], connectedAt: NOON });
    await requestBan(chat, moderator, { user: "ben" });
    expect(chat.closed).to.deep.equal([opening.id, opening.id]);
  });
});

describe("chat/use-cases/unban", () => {
  it("lets the user connect again, and can be repeated", async () => {
    const chat = aModeratedChat();
    const moderator = await mona(chat);
    await requestBan(chat, moderator, { user: "ben" });
    for (let times = 0; times < 2; times += 1) {
      const { reply } = await requestUnban(chat, moderator, { user: "ben", id: "u-1" });
      expect(reply).to.deep.equal({ type: "ack", request: "unban", id: "u-1" });
      expect(await isRefused(chat, "ben")).to.equal(false);
    }
  });

  it("is refused for users who are not moderators, and for a banned moderator's own user", async () => {
    const chat = aModeratedChat();
    const [moderator, max, eve] = [
      await mona(chat),
      await enter(chat, "max", ["moderators"]),
      await enter(chat, "eve"),
    ];
    await chat.bans.set("max", { by: moderator.user });
    for (const by of [max, eve]) {
      expect((await requestUnban(chat, by, { user: "max" })).refusal?.code).to.equal("not-allowed");
    }
    expect(await isRefused(chat, "max")).to.equal(true);
  });
});
