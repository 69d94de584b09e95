import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { leave } from "../../../chat/use-cases/leave.ts";
import { aChat, frameSender, LOBBY_AND_OPS, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const send = frameSender(leave, "leave");

describe("chat/use-cases/leave", () => {
  it("ends a membership, and notifies the others", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    expect(await send(chat, anna, { channel: "ops" })).to.deep.equal({
      reply: { type: "ack", request: "leave", user: "anna" },
    });
    expect((await chat.stored(anna)).memberships).to.have.length(1);
    expect((await allMembers(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([listener.id]);
    expect(chat.received(listener)).to.deep.equal([{ type: "left", channel: "ops", user: "anna" }]);
  });

  it("allows leaving the lobby", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    expect(await send(chat, anna, { channel: "lobby" })).to.have.property("reply");
    expect((await chat.stored(anna)).memberships).to.deep.equal([]);
  });

  it("can be repeated if it failed halfway, and the client receives nothing in the meantime", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: LOBBY_AND_OPS });
    const breaking = () => Promise.reject(new Error("the table is unavailable"));
    const broken = { ...chat, connections: { ...chat.connections, leave: breaking } };
    expect(await rejection(send(broken, anna, { channel: "ops" }))).to.equal("the table is unavailable");
    expect(await allMembers(chat.members, OPS)).to.deep.equal([]);
    expect(await send(chat, anna, { channel: "ops" })).to.have.property("reply");
  });

  it("is acknowledged once if two frames arrive at the same time, and each notifies the others", async () => {
    const chat = aChat();
    await chat.channels.open("ops");
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ memberships: LOBBY_AND_OPS });
    const outcomes = await Promise.all([send(chat, anna, { channel: "ops" }), send(chat, anna, { channel: "ops" })]);
    expect(outcomes.map(({ refusal }) => refusal?.code)).to.have.members([undefined, "not-a-member"]);
    expect(chat.received(listener)).to.deep.include({ type: "left", channel: "ops", user: anna.user });
  });

  it("refuses a user who is not a member", async () => {
    const chat = aChat();
    await chat.channels.open("ops");
    const anna = await chat.enter();
    expect((await send(chat, anna, { channel: "ops" })).refusal?.code).to.equal("not-a-member");
    expect((await send(chat, anna, { channel: "nowhere" })).refusal?.code).to.equal("unknown-channel");
  });

  it("ends a membership that was joined again while it was running", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [OPS] });
    let isFirst = true;
    const joinedMeanwhile: typeof chat.connections.leave = async (...given) => {
      if (isFirst) {
        isFirst = false;
        await chat.members.add(OPS, anna);
        await chat.connections.join(anna.id, OPS);
      }
      return chat.connections.leave(...given);
    };
    const racing = { ...chat, connections: { ...chat.connections, leave: joinedMeanwhile } };
    expect(await send(racing, anna, { channel: "ops" })).to.have.property("reply");
    expect(await allMembers(chat.members, OPS)).to.deep.equal([]);
    expect((await chat.stored(anna)).memberships).to.deep.equal([]);
  });
});
