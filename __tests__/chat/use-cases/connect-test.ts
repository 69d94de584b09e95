import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { removeConnection } from "../../../chat/presence/remove-connections.ts";
import { connect } from "../../../chat/use-cases/connect.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, gone } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const connection = { id: "newcomer", connectedAt: NOON };
const handshake = (...subprotocols: readonly string[]) => ({ connection, subprotocols, address: "192.0.2.1" });
const anna = { user: "anna", groups: ["staff"] };
const guest = { ...connection, user: "guest-abc234" };

describe("chat/use-cases/connect", () => {
  it("stores the connection as a guest and adds it to the lobby", async () => {
    const chat = aChat();
    expect(await connect(chat, handshake())).to.deep.equal({});
    const member = { ...guest, protocol: "plain" };
    expect(await chat.stored(connection)).to.deep.equal({ ...member, memberships: [LOBBY_SHARD] });
    expect(await allMembers(chat.members, LOBBY_SHARD)).to.deep.equal([member]);
    expect(chat.counted()).to.deep.equal({ ConnectionsOpened: 1 });
  });

  it("selects the subprotocol chat.v1 if the client offers it, and no other", async () => {
    for (const [offered, selected] of [
      [["chat.v1"], "chat.v1"],
      [["other", "chat.v1"], "chat.v1"],
      [["other"], undefined],
      [["chat.v10"], undefined],
    ] as const) {
      const chat = aChat();
      const outcome = await connect(chat, handshake(...offered));
      expect(outcome, offered[0]).to.deep.equal(selected ? { subprotocol: selected } : {});
      expect((await chat.stored(connection)).protocol, offered[0]).to.equal(selected ?? "plain");
    }
  });

  it("notifies the lobby, but not the new connection, whose handshake is pending", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1" });
    await connect(chat, handshake("chat.v1"));
    expect(chat.received(listener)).to.deep.equal([{ type: "joined", channel: "lobby", user: guest.user }]);
    expect(chat.received(connection)).to.deep.equal([]);
  });

  it("stores the user, the groups and the expiry of an identity, and joins as that user", async () => {
    const chat = aChat();
    await connect(chat, { ...handshake(), identity: { ...anna, expiresAt: NOON + 60_000 } });
    const own = { ...connection, user: "anna", protocol: "plain", expiresAt: NOON + 60_000 };
    const stored = await chat.stored(connection);
    expect(stored).to.deep.equal({ ...own, groups: ["staff"], memberships: [LOBBY_SHARD] });
    expect(await allMembers(chat.members, LOBBY_SHARD)).to.deep.equal([{ ...own, joinedAt: NOON }]);
    expect(await chat.users.connectionsOf("anna")).to.deep.equal([own]);
  });

  it("records the user only if direct messages are stored, and before the user is in the lobby", async () => {
    for (const directConversations of [true, false]) {
      const chat = aChat({ directConversations });
      const know = sinon.spy(chat.knownUsers, "add");
      const addMember = sinon.spy(chat.members, "add");
      await connect(chat, { ...handshake(), identity: anna });
      expect(await chat.knownUsers.has("anna")).to.equal(directConversations);
      if (directConversations) expect(know.calledBefore(addMember)).to.equal(true);
    }
    const chat = aChat({ directConversations: true });
    await connect(chat, handshake());
    expect(await chat.knownUsers.has(guest.user)).to.equal(false);
  });

  it("refuses a page of another origin, and stores nothing", async () => {
    const chat = aChat({ allowedOrigins: ["https://chat.example.com"] });
    const from = (origin: string) => connect(chat, { ...handshake(), origin });
    for (const origin of ["https://evil.example.com", "http://chat.example.com", "null", ""]) {
      expect(await from(origin), origin).to.deep.equal({ refused: "origin" });
    }
    expect(chat.size()).to.equal(0);
    expect(await from("https://chat.example.com")).to.deep.equal({});
  });

  it("accepts a client that sends no origin, and is therefore not a browser", async () => {
    expect(await connect(aChat({ allowedOrigins: ["https://chat.example.com"] }), handshake())).to.deep.equal({});
  });

  describe("with connection limits", () => {
    const from = (id: string, address: string) => ({
      ...handshake(),
      connection: { id, connectedAt: NOON },
      identity: anna,
      address,
    });

    it("accepts connections up to the limit of an address, and does not store another one", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      for (const id of ["a", "b"]) expect(await connect(chat, from(id, "192.0.2.1"))).to.deep.equal({});
      const size = chat.size();
      expect(await connect(chat, from("c", "192.0.2.1"))).to.deep.equal({ refused: "connections of the address" });
      expect(chat.size()).to.equal(size);
      expect(await connect(chat, from("d", "192.0.2.2"))).to.deep.equal({});
    });

    it("accepts connections up to the limit of a user, and another one after one has ended", async () => {
      const chat = aChat({ connectionsPerUserMax: 2 });
      for (const id of ["a", "b"]) expect(await connect(chat, from(id, `192.0.2.${id.length}`))).to.deep.equal({});
      expect(await connect(chat, from("c", "192.0.2.3"))).to.deep.equal({ refused: "connections of the user" });
      await removeConnection(chat, "a");
      expect(await connect(chat, from("d", "192.0.2.4"))).to.deep.equal({});
    });

    it("never exceeds the limit with handshakes at the same time", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      const ids = ["a", "b", "c", "d", "e"];
      const outcomes = await Promise.all(ids.map((id) => connect(chat, from(id, "192.0.2.1"))));
      expect(outcomes.filter(({ refused }) => !refused).length).to.be.at.most(2);
    });

    it("accepts a user whose counted connections are gone, and notifies the lobby of them", async () => {
      let now = NOON;
      const chat = aChat({ connectionsPerUserMax: 2, now: () => now });
      for (const id of ["a", "b"]) await connect(chat, from(id, "192.0.2.1"));
      const listener = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
      chat.setPushOutcome({ id: "a" }, gone);
      const later = { ...from("c", "192.0.2.1"), connection: { id: "c", connectedAt: NOON + 60_000 } };
      now += 10_000;
      expect(await connect(chat, later), "while the handshakes may be pending").to.have.property("refused");
      now += 50_000;
      expect(await connect(chat, later)).to.deep.equal({});
      expect((await chat.users.connectionsOf("anna")).map(({ id }) => id)).to.have.members(["b", "c"]);
      expect(await chat.connections.get("a")).to.equal(undefined);
      expect(chat.received(listener), "anna is still there").to.deep.equal([]);
    });

    it("probes the ten oldest connections, and no others", async () => {
      let now = NOON;
      const chat = aChat({ connectionsPerAddressMax: 12, now: () => now });
      const ids = Array.from({ length: 12 }, (_, index) => `c-${String(index).padStart(2, "0")}`);
      for (const [index, id] of ids.entries()) {
        now = NOON + index * 1000;
        await connect(chat, { ...from(id, "192.0.2.1"), connection: { id, connectedAt: now } });
      }
      now = NOON + 120_000;
      const probe = sinon.fake.resolves("open" as const);
      expect(await connect({ ...chat, probe }, from("new", "192.0.2.1"))).to.have.property("refused");
      expect(probe.args.flat()).to.have.members(ids.slice(0, 10));
    });

    it("refuses a user at the limit if the connections cannot be probed", async () => {
      let now = NOON;
      const chat = aChat({ connectionsPerUserMax: 1, now: () => now });
      await connect(chat, from("a", "192.0.2.1"));
      now += 60_000;
      const unknown = { ...chat, probe: async () => ({ failed: "503" }) };
      expect(await connect(unknown, from("b", "192.0.2.1"))).to.have.property("refused");
      expect(await chat.connections.get("a")).to.have.property("id");
    });

    it("removes the item of an address together with its connection", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      await connect(chat, from("a", "192.0.2.1"));
      await removeConnection(chat, "a");
      expect(chat.size()).to.equal(0);
    });
  });

  it("leaves no items of a connection if a write fails", async () => {
    const away = () => Promise.reject(new Error("the table is unavailable"));
    const request = { ...handshake(), identity: anna };
    for (const broken of ["users", "addresses", "members"] as const) {
      const chat = aChat({ connectionsPerUserMax: 1, connectionsPerAddressMax: 1 });
      const outcome = connect({ ...chat, [broken]: { ...chat[broken], add: away } }, request);
      expect(await rejection(outcome), broken).to.equal("the table is unavailable");
      expect(chat.size(), broken).to.equal(0);
    }
  });

  it("accepts a client even if no member can be notified, and returns the fault", async () => {
    const chat = aChat();
    const pages = () => {
      throw new Error("the table is unavailable");
    };
    const outcome = await connect({ ...chat, members: { ...chat.members, pages } }, handshake("chat.v1"));
    expect(outcome).to.deep.equal({ subprotocol: "chat.v1", unnotified: "Error: the table is unavailable" });
    expect(await allMembers(chat.members, LOBBY_SHARD)).to.have.length(1);
  });

  it("stores no member if the connection cannot be stored", async () => {
    const chat = aChat();
    const add = () => Promise.reject(new Error("the table is unavailable"));
    const outcome = connect({ ...chat, connections: { ...chat.connections, add } }, handshake());
    expect(await rejection(outcome)).to.equal("the table is unavailable");
    expect(chat.size()).to.equal(0);
  });
});
