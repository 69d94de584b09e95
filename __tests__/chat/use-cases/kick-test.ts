import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { kick } from "../../../chat/use-cases/kick.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const send = frameSender(kick, "kick");
const aModeratedChat = () => aChat({ moderators: ["moderators"] });
const enter = (chat: Chat, user: string, groups: string[] = []) => chat.enter({ user, groups, protocol: "chat.v1" });

describe("chat/use-cases/kick", () => {
  it("notifies the user, closes each connection, and notifies the others once that the user left", async () => {
    const chat = aModeratedChat();
    const mona = await enter(chat, "mona", ["moderators"]);
    const [phone, laptop] = [await enter(chat, "ben"), await enter(chat, "ben")];
    expect((await send(chat, mona, { user: "ben" })).reply).to.deep.equal({ type: "ack", request: "kick" });
    for (const { id } of [phone, laptop]) expect(chat.received({ id })).to.deep.equal([{ type: "kicked", by: "mona" }]);
    expect(chat.closed).to.have.members([phone.id, laptop.id]);
    expect(chat.received(mona)).to.deep.equal([{ type: "left", channel: "lobby", user: "ben" }]);
    expect((await allMembers(chat.members, LOBBY_SHARD)).map(({ user }) => user)).to.deep.equal(["mona"]);
  });

  it("refuses a user who is not a moderator, whether the other user is connected or not", async () => {
    const chat = aModeratedChat();
    const [ben] = [await enter(chat, "ben", ["staff"]), await enter(chat, "eve")];
    for (const user of ["eve", "nobody"]) {
      expect((await send(chat, ben, { user })).refusal?.code).to.equal("not-allowed");
    }
    expect(chat.closed).to.deep.equal([]);
  });

  it("returns an error for a user who is not connected", async () => {
    const chat = aModeratedChat();
    const mona = await enter(chat, "mona", ["moderators"]);
    expect((await send(chat, mona, { user: "ben" })).refusal?.code).to.equal("unknown-user");
  });

  it("removes a connection that cannot be closed, and fails", async () => {
    const chat = aModeratedChat();
    const [mona, ben] = [await enter(chat, "mona", ["moderators"]), await enter(chat, "ben")];
    const stubborn: Chat = { ...chat, close: async () => ({ failed: "503" }) };
    expect(await rejection(send(stubborn, mona, { user: "ben" }))).to.include("could not be closed");
    expect(await chat.connections.get(ben.id)).to.equal(undefined);
    expect(chat.received(mona)).to.deep.equal([{ type: "left", channel: "lobby", user: "ben" }]);
  });

  it("closes the connections before it notifies others, and leaves notices that fail to the worker", async () => {
    const chat = aModeratedChat();
    const [mona, ben] = [await enter(chat, "mona", ["moderators"]), await enter(chat, "ben")];
    const pages = () => {
      throw new Error("No page can be read.");
    };
    const broken: Chat = { ...chat, members: { ...chat.members, pages } };
    const { facts } = await send(broken, mona, { user: "ben" });
    expect(facts).to.deep.equal({ closed: 1, departuresHandedOver: 1, departureFault: "Error: No page can be read." });
    expect(chat.closed).to.deep.equal([ben.id]);
    expect(chat.departureTasks.flatMap(({ departures }) => departures.map(({ channel }) => channel))).to.deep.equal([
      "lobby",
    ]);
  });

  it("closes a connection again if API Gateway throttles the first attempt", async () => {
    const chat = aModeratedChat();
    const [mona, ben] = [await enter(chat, "mona", ["moderators"]), await enter(chat, "ben")];
    let attempts = 0;
    const busy: Chat = { ...chat, close: async (id) => (attempts++ === 0 ? "throttled" : chat.close(id)) };
    await send(busy, mona, { user: "ben" });
    expect(chat.closed).to.deep.equal([ben.id]);
  });
});
