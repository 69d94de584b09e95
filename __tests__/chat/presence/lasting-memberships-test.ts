import { expect } from "chai";
import sinon from "sinon";
import { tagOf } from "../../../aws/runtime.ts";
import { LASTING_CHANNELS_MAX } from "../../../chat/channel.ts";
import { ban } from "../../../chat/use-cases/ban.ts";
import { connect } from "../../../chat/use-cases/connect.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { invite } from "../../../chat/use-cases/invite.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";
import { allChannelMembers } from "../../support/memory.ts";

const [bens, ops] = [`~plans-${tagOf("ben")}`, "~ops"];

const joinAs = frameSender(join, "join");
const leaveAs = frameSender(leave, "leave");
const inviteAs = frameSender(invite, "invite");

interface Handshake {
  readonly groups?: readonly string[];
  readonly id?: string;
}

/** Opens a connection of an authenticated user. */
async function connectAs(chat: Chat, user: string, { groups = [], id = `${user}-1` }: Handshake = {}) {
  const connection = { id, connectedAt: NOON };
  const handshake = { connection, identity: { user, groups }, subprotocols: ["chat.v1"], address: "192.0.2.1" };
  const outcome = await connect(chat, handshake);
  return { ...outcome, ...(outcome.refused === undefined && (await chat.stored(connection))) } as Awaited<
    ReturnType<Chat["stored"]>
  > & { refused?: string };
}

/** The channels that a new connection of the user is in. */
async function channelsAfterReconnect(chat: Chat, user: string, own: Handshake = {}): Promise<string[]> {
  const connected = await connectAs(chat, user, { id: `${user}-2`, ...own });
  for (const { channel } of connected.memberships) {
    const members = await allChannelMembers(chat, channel);
    expect(members.map(({ id }) => id)).to.include(connected.id);
  }
  return connected.memberships.map(({ channel }) => channel);
}

const aLastingChat = (own: Parameters<typeof aChat>[0] = {}) => aChat({ lastingMembership: true, ...own });

describe("lasting membership", () => {
  it("adds a new connection to the lobby and the channels of its user, and notifies only the lobby", async () => {
    const chat = aLastingChat();
    const anna = await connectAs(chat, "anna");
    await joinAs(chat, anna, { channel: "dev" });
    await disconnect(chat, anna.id);
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [{ channel: "dev", shard: 0 }] });
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby", "dev"]);
    await disconnect(chat, "anna-2");
    expect(chat.received(listener)).to.deep.equal([]);
    const moves = chat.emitted.flatMap((event) => ("channel" in event ? `${event.type} ${event.channel}` : []));
    expect(moves.slice(2)).to.deep.equal(["member left lobby", "member joined lobby", "member left lobby"]);
  });

  it("does not apply to guests, or without the setting", async () => {
    const chat = aLastingChat();
    const guest = await chat.enter();
    await joinAs(chat, guest, { channel: "dev" });
    expect(await chat.lastingChannels.remove(guest.user, ["dev"])).to.equal(false);
    const without = aChat();
    const anna = await connectAs(without, "anna");
    expect(anna).not.to.have.property("isLasting");
    await joinAs(without, anna, { channel: "dev" });
    expect(await channelsAfterReconnect(without, "anna")).to.deep.equal(["lobby"]);
  });

  it("ends with the connection if the setting was removed since", async () => {
    const chat = aLastingChat();
    const anna = await connectAs(chat, "anna");
    await joinAs({ ...chat, lastingMembership: false }, anna, { channel: "dev" });
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby"]);
  });

  it("ends when the user leaves, on all connections of the user", async () => {
    const chat = aLastingChat();
    const anna = await connectAs(chat, "anna");
    await joinAs(chat, anna, { channel: "dev" });
    const other = await connectAs(chat, "anna", { id: "anna-3" });
    const { reply } = await leaveAs(chat, anna, { channel: "dev" });
    expect(reply?.type).to.equal("ack");
    expect((await chat.stored(other)).memberships.map(({ channel }) => channel)).to.deep.equal(["lobby"]);
    expect(await allChannelMembers(chat, "dev")).to.deep.equal([]);
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby"]);
    expect((await leaveAs(chat, anna, { channel: "dev" })).refusal?.code).to.equal("not-a-member");
  });

  it("notifies the connections whose membership a `leave` on another one has ended", async () => {
    const chat = aLastingChat();
    const anna = await connectAs(chat, "anna");
    await joinAs(chat, anna, { channel: "dev" });
    const [second, third] = [
      await connectAs(chat, "anna", { id: "anna-2" }),
      await connectAs(chat, "anna", { id: "anna-3" }),
    ];
    await leaveAs(chat, third, { channel: "lobby" });
    const outcome = await leaveAs(chat, second, { channel: "dev" });
    expect(outcome).to.deep.equal({ reply: { type: "ack", request: "leave", user: "anna" }, facts: {} });
    const left = { type: "left", channel: "dev", user: "anna" };
    expect([anna, second, third].map((each) => chat.received(each))).to.deep.equal([[left], [], [left]]);
  });

  it("can be left with a connection that is not in the channel", async () => {
    const chat = aLastingChat();
    const [anna, other] = [await connectAs(chat, "anna"), await connectAs(chat, "anna", { id: "anna-3" })];
    await joinAs(chat, anna, { channel: "dev" });
    expect((await leaveAs(chat, other, { channel: "dev" })).reply?.type).to.equal("ack");
    expect((await chat.stored(anna)).memberships).to.have.length(1);
  });

  describe("that ends while no connection is in the channel", () => {
    /** The events since the last call. */
    const newEvents = (chat: Chat) => chat.emitted.splice(0);
    const left = (channel: string) => ({ type: "member left", channel, user: "anna", authenticated: true });

    it("causes one `member left` without a connection, after a `leave`", async () => {
      const chat = aLastingChat();
      const [first, other] = [await connectAs(chat, "anna"), await connectAs(chat, "anna", { id: "anna-2" })];
      await joinAs(chat, first, { channel: "dev" });
      await disconnect(chat, first.id);
      newEvents(chat);
      await leaveAs(chat, other, { channel: "dev" });
      await leaveAs(chat, other, { channel: "dev" });
      expect(newEvents(chat)).to.deep.equal([left("dev")]);
    });

    it("causes one `member left` without a connection, after a revocation or an expired channel", async () => {
      const chat = aLastingChat({ channelCreators: ["staff"] });
      const ben = await connectAs(chat, "ben", { groups: ["staff"] });
      await joinAs(chat, ben, { channel: bens });
      for (const channel of [bens, "expired"]) await chat.lastingChannels.add("anna", channel);
      newEvents(chat);
      for (let round = 1; round <= 2; round += 1)
        await inviteAs(chat, ben, { channel: bens, user: "anna", revoke: true });
      expect(newEvents(chat)).to.deep.equal([left(bens)]);
      await connectAs(chat, "anna");
      expect(newEvents(chat)).to.deep.include(left("expired")).and.to.have.length(2);
    });

    it("causes one `member left` for each connection in the channel, and no other", async () => {
      const chat = aLastingChat();
      const first = await connectAs(chat, "anna");
      await joinAs(chat, first, { channel: "dev" });
      const second = await connectAs(chat, "anna", { id: "anna-2" });
      newEvents(chat);
      await leaveAs(chat, second, { channel: "dev" });
      expect(newEvents(chat)).to.have.deep.members(
        [first, second].map(({ id: connectionId }) => ({ ...left("dev"), connectionId })),
      );
    });
  });

  it("does not include the lobby, which each connection joins and leaves separately", async () => {
    const chat = aLastingChat();
    const [anna, other] = [await connectAs(chat, "anna"), await connectAs(chat, "anna", { id: "anna-3" })];
    await leaveAs(chat, anna, { channel: "lobby" });
    expect((await chat.stored(other)).memberships).to.have.length(1);
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby"]);
  });

  it("does not admit a connection without the group to a private channel, which remains the user's", async () => {
    const chat = aLastingChat({ privateChannels: { [ops]: ["staff"] } });
    const anna = await connectAs(chat, "anna", { groups: ["staff"] });
    await joinAs(chat, anna, { channel: ops });
    expect(await channelsAfterReconnect(chat, "anna", { groups: ["staff"] })).to.deep.equal(["lobby", ops]);
    expect(await channelsAfterReconnect(chat, "anna", { groups: ["guests"], id: "anna-3" })).to.deep.equal(["lobby"]);
    expect(await channelsAfterReconnect(chat, "anna", { groups: ["staff"], id: "anna-4" })).to.deep.equal([
      "lobby",
      ops,
    ]);
  });

  it("stores those groups of the latest handshake on which access depends, and writes them only if they change", async () => {
    const chat = aLastingChat({ privateChannels: { [ops]: ["staff", "admins"] } });
    const groups = async () => (await chat.statusOf("anna")).groups;
    const anna = await connectAs(chat, "anna", { groups: ["staff", "other"] });
    const written = sinon.spy(chat.lastingChannels, "setGroups");
    await joinAs(chat, anna, { channel: ops });
    expect(await groups()).to.deep.equal(["staff"]);
    await connectAs(chat, "anna", { groups: ["others", "staff"], id: "anna-2" });
    expect(written.callCount).to.equal(0);
    await connectAs(chat, "anna", { groups: ["other"], id: "anna-3" });
    expect(await groups()).to.deep.equal([]);
    await connectAs(chat, "anna", { groups: ["admins", "staff"], id: "anna-4" });
    expect(await groups()).to.deep.equal(["admins", "staff"]);
    expect(written.callCount).to.equal(2);
  });

  for (const end of ["leave", "revocation"] as const) {
    it(`ends with a ${end} on all devices, also if one of them joins again at the same time`, async () => {
      const chat = aLastingChat();
      const [anna, ben] = [await connectAs(chat, "anna"), await connectAs(chat, "ben")];
      await joinAs(chat, ben, { channel: bens });
      await inviteAs(chat, ben, { channel: bens, user: "anna" });
      await joinAs(chat, anna, { channel: bens });
      const other = await connectAs(chat, "anna", { id: "anna-2" });
      const { remove } = chat.lastingChannels;
      const stub = sinon.stub(chat.lastingChannels, "remove").callsFake(async (...given) => {
        stub.restore();
        const wasIn = await remove(...given);
        // The rest of a join that has checked the invitation before.
        await chat.lastingChannels.add("anna", bens);
        return wasIn;
      });
      if (end === "leave") await leaveAs(chat, other, { channel: bens });
      else await inviteAs(chat, ben, { channel: bens, user: "anna", revoke: true });
      expect((await chat.stored(anna)).memberships.map(({ channel }) => channel)).to.deep.equal(["lobby"]);
      expect((await chat.statusOf("anna")).channels).to.deep.equal([]);
    });
  }

  it("ends in a private channel when the invitation is revoked, also if the user is invited again", async () => {
    const chat = aLastingChat();
    const [anna, ben] = [await connectAs(chat, "anna"), await connectAs(chat, "ben")];
    await joinAs(chat, ben, { channel: bens });
    await inviteAs(chat, ben, { channel: bens, user: "anna" });
    await joinAs(chat, anna, { channel: bens });
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby", bens]);
    await inviteAs(chat, ben, { channel: bens, user: "anna", revoke: true });
    await inviteAs(chat, ben, { channel: bens, user: "anna" });
    expect(await channelsAfterReconnect(chat, "anna", { id: "anna-3" })).to.deep.equal(["lobby"]);
  });

  it("ends in a public channel that has expired, unless the user may create it", async () => {
    const [member, creator] = [aLastingChat({ channelCreators: ["staff"] }), aLastingChat()];
    for (const chat of [member, creator]) await chat.lastingChannels.add("anna", "expired");
    expect(await channelsAfterReconnect(member, "anna")).to.deep.equal(["lobby"]);
    expect(await member.lastingChannels.remove("anna", ["expired"])).to.equal(false);
    expect(await channelsAfterReconnect(creator, "anna")).to.deep.equal(["lobby", "expired"]);
    expect(await creator.channels.shardsOf("expired")).to.equal(1);
  });

  it("refuses a channel beyond the maximum, so that a new connection can be in all of them", async () => {
    const chat = aLastingChat();
    for (let index = 0; index < LASTING_CHANNELS_MAX; index += 1) await chat.lastingChannels.add("anna", `c-${index}`);
    const anna = await chat.enter({ user: "anna", groups: [], isLasting: true });
    const { refusal } = await joinAs(chat, anna, { channel: "one-more" });
    expect(refusal?.code).to.equal("too-many-channels");
    expect(refusal?.detail).to.include("49 channels besides the lobby");
    expect(await allChannelMembers(chat, "one-more")).to.deep.equal([]);
    expect((await chat.stored(anna)).memberships).to.have.length(1);
    expect(await channelsAfterReconnect(chat, "anna")).to.have.length(50);
  });

  it("refuses a banned user, who is in the channels again after the ban", async () => {
    const chat = aLastingChat({ moderators: ["moderators"] });
    const anna = await connectAs(chat, "anna");
    await joinAs(chat, anna, { channel: "dev" });
    const mona = await connectAs(chat, "mona", { groups: ["moderators"] });
    await frameSender(ban, "ban")(chat, mona, { user: "anna" });
    expect((await connectAs(chat, "anna", { id: "anna-2" })).refused).to.equal("banned");
    expect(await allChannelMembers(chat, "dev")).to.deep.equal([]);
    await chat.bans.lift("anna");
    expect(await channelsAfterReconnect(chat, "anna")).to.deep.equal(["lobby", "dev"]);
  });

  describe("that ends while a handshake is running", () => {
    /** Performs an action right after the handshake has read the user's channels. */
    const during = (chat: Chat, act: () => Promise<unknown>): Chat => ({
      ...chat,
      handshakes: {
        ...chat.handshakes,
        async addAll(connected) {
          await act();
          await chat.handshakes.addAll(connected);
        },
      },
    });

    it("leaves no member, after a `leave` on another connection", async () => {
      const chat = aLastingChat();
      const anna = await connectAs(chat, "anna");
      await joinAs(chat, anna, { channel: "dev" });
      const leaving = during(chat, () => leaveAs(chat, anna, { channel: "dev" }));
      const connected = await connectAs(leaving, "anna", { id: "anna-2" });
      expect(connected.memberships.map(({ channel }) => channel)).to.deep.equal(["lobby"]);
      expect(await allChannelMembers(chat, "dev")).to.deep.equal([]);
    });

    it("leaves no member, after the invitation was withdrawn", async () => {
      const chat = aLastingChat();
      await chat.channels.open(bens);
      await chat.invitations.give(bens, "anna");
      await chat.lastingChannels.add("anna", bens);
      const withdrawing = during(chat, () => chat.invitations.withdraw(bens, "anna"));
      const connected = await connectAs(withdrawing, "anna");
      expect(connected.memberships.map(({ channel }) => channel)).to.deep.equal(["lobby"]);
      expect(await allChannelMembers(chat, bens)).to.deep.equal([]);
      expect(await chat.lastingChannels.remove("anna", [bens])).to.equal(false);
    });

    it("refuses the handshake, after a ban", async () => {
      const chat = aLastingChat({ moderators: ["moderators"] });
      await chat.lastingChannels.add("anna", "dev");
      const size = chat.size();
      const banning = during(chat, () => chat.bans.set("anna", { by: "mona" }));
      expect((await connectAs(banning, "anna")).refused).to.equal("banned");
      expect(chat.size()).to.equal(size);
    });
  });

  it("agrees with the membership after a `join` and a `leave` at the same time", async () => {
    for (const order of [
      [join, leave],
      [leave, join],
    ] as const) {
      const chat = aLastingChat();
      const anna = await connectAs(chat, "anna");
      await joinAs(chat, anna, { channel: "dev" });
      const connected = await chat.stored(anna);
      const request = { connected, route: "", frame: { channel: "dev" }, receivedAt: NOON, deadline: NOON };
      await Promise.all(order.map((useCase) => useCase(chat, request)));
      const isIn = (await chat.stored(anna)).memberships.length === 2;
      expect(await chat.lastingChannels.remove("anna", ["dev"])).to.equal(isIn);
    }
  });
});
