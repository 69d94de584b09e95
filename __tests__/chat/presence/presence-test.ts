import { expect } from "chai";
import { LOBBY, LOBBY_SHARD } from "../../../chat/channel.ts";
import { announce, announceDepartures, notifyChannel } from "../../../chat/presence/presence.ts";
import { aConnection, NOON } from "../../support/builders.ts";
import { aChat, gone, LOBBY_AND_OPS } from "../../support/chat.ts";

const v1 = { protocol: "chat.v1" } as const;
const joined = (user: string) => ({ type: "joined", channel: "lobby", user }) as const;
const left = (user: string, channel = "lobby") => ({ type: "left", channel, user }) as const;

describe("chat/presence/presence", () => {
  it("notifies only clients of chat.v1", async () => {
    const chat = aChat();
    const [about, json, plain] = [await chat.enter(v1), await chat.enter(v1), await chat.enter()];
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    expect(chat.received(json)).to.deep.equal([joined(about.user)]);
    expect([chat.received(about), chat.received(plain)]).to.deep.equal([[], []]);
  });

  it("notifies once per user, and not while the user has another connection", async () => {
    const chat = aChat();
    const listener = await chat.enter(v1);
    const [first, second] = [await chat.enter({ user: "anna" }), await chat.enter({ user: "anna" })];
    await announce(chat, { channel: LOBBY, frame: joined("anna"), about: second });
    expect(chat.received(listener)).to.deep.equal([]);
    await notifyChannel(chat, {
      channel: LOBBY,
      frame: { type: "typing", channel: "lobby", user: "anna" },
      about: first,
    });
    expect(chat.received(listener)).to.deep.equal([{ type: "typing", channel: "lobby", user: "anna" }]);
  });

  it("notifies for the first connection of an authenticated user, even if both were written before either read", async () => {
    const chat = aChat();
    const listener = await chat.enter(v1);
    const own = { user: "anna", groups: [] };
    const [first, second] = [await chat.enter(own), await chat.enter(own)];
    for (const { id } of [second, first]) {
      const about = { ...(await chat.stored({ id })), joinedAt: NOON };
      await announce(chat, { channel: LOBBY, frame: joined("anna"), about });
    }
    expect(chat.received(listener)).to.deep.equal([joined("anna")]);
  });

  it("sends one departure for an authenticated user, however many connections are gone", async () => {
    const chat = aChat();
    const listener = await chat.enter(v1);
    const own = { user: "anna", groups: [] };
    const both = [await chat.enter(own), await chat.enter(own)];
    for (const { id } of both) await chat.members.remove(LOBBY_SHARD, id);
    await announceDepartures(chat, both);
    expect(chat.received(listener)).to.deep.equal([left("anna")]);
  });

  it("notifies channels up to the configured number of members, and no larger ones", async () => {
    const chat = aChat({ presenceMembersMax: 3 });
    const [listener, , about] = [await chat.enter(v1), await chat.enter(), await chat.enter(v1)];
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    expect(chat.received(listener)).to.have.length(1);
    await chat.enter();
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    expect(chat.received(listener)).to.have.length(1);
  });

  it("sends a departure to each channel of a connection", async () => {
    const chat = aChat();
    const listener = await chat.enter({ ...v1, memberships: LOBBY_AND_OPS });
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    for (const shard of anna.memberships) await chat.members.remove(shard, anna.id);
    await announceDepartures(chat, [anna]);
    expect(chat.received(listener)).to.deep.equal([left("anna"), left("anna", "ops")]);
  });

  it("sends departures for connections that turn out to be gone in the meantime, and ends", async () => {
    const chat = aChat();
    const about = await chat.enter(v1);
    const listener = await chat.enter(v1);
    const goneMembers = [await chat.enter(v1), await chat.enter(v1)];
    for (const goneMember of goneMembers) chat.setPushOutcome(goneMember, gone);
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    expect(chat.received(listener)).to.have.deep.members([
      joined(about.user),
      ...goneMembers.map(({ user }) => left(user)),
    ]);
    expect(chat.size()).to.equal(4);
  });

  it("does not wait for a single throttled connection, and retries other failures", async () => {
    const chat = aChat();
    const [about, listener, stalled, failing] = [
      await chat.enter(v1),
      await chat.enter(v1),
      await chat.enter(v1),
      await chat.enter(v1),
    ];
    const pushes = { stalled: 0, failing: 0 };
    chat.setPushOutcome(stalled, async () => {
      pushes.stalled += 1;
      return "throttled";
    });
    chat.setPushOutcome(failing, async () => {
      pushes.failing += 1;
      return pushes.failing === 1 ? { failed: "500" } : "delivered";
    });
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    expect(pushes).to.deep.equal({ stalled: 1, failing: 2 });
    for (const each of [listener, failing]) expect(chat.received(each)).to.deep.equal([joined(about.user)]);
  });

  it("retries throttled connections if several are throttled", async () => {
    const chat = aChat();
    const about = await chat.enter(v1);
    const throttled = [await chat.enter(v1), await chat.enter(v1), await chat.enter(v1)];
    for (const each of throttled) {
      let pushes = 0;
      chat.setPushOutcome(each, async () => (pushes++ === 0 ? "throttled" : "delivered"));
    }
    await announce(chat, { channel: LOBBY, frame: joined(about.user), about });
    for (const each of throttled) expect(chat.received(each)).to.deep.equal([joined(about.user)]);
  });

  it("sends departures for at most two seconds", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const listener = await chat.enter(v1);
    chat.setPushOutcome(listener, async () => {
      now += 1_000;
      return "delivered";
    });
    await announceDepartures(
      chat,
      Array.from({ length: 5 }, () => aConnection()),
    );
    expect(chat.received(listener)).to.have.length(2);
  });
});
