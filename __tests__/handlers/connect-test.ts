import "../support/function-environment.ts";
import { expect } from "chai";
import sinon from "sinon";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { forget } from "../../chat/presence/forget.ts";
import { connect } from "../../handlers/connect.ts";
import { NOBODY, NOON } from "../support/builders.ts";
import { aChat, gone } from "../support/chat.ts";
import { everybody } from "../support/memory.ts";
import { rejection } from "../support/rejection.ts";

const connection = { id: "newcomer", connectedAt: NOON };
const handshake = (offered?: string) => ({
  connection,
  route: "$connect",
  body: "",
  caller: NOBODY,
  deadline: Number.POSITIVE_INFINITY,
  headers: offered === undefined ? {} : { "sec-websocket-protocol": offered },
});
const guest = { ...connection, user: "guest-abc234" };

describe("handlers/connect", () => {
  it("stores the connection as a guest and joins it to the lobby", async () => {
    const chat = aChat();
    expect(await connect(chat, handshake())).to.deep.equal({});
    const member = { ...guest, protocol: "plain" };
    expect(await chat.stored(connection)).to.deep.equal({ ...member, memberships: [LOBBY_SHARD] });
    expect(await everybody(chat.members, LOBBY_SHARD)).to.deep.equal([member]);
    expect(chat.counted()).to.deep.equal({ ConnectionsOpened: 1 });
  });

  it("takes the subprotocol chat.v1 among those that are offered, and no other", async () => {
    for (const [offered, taken] of [
      ["chat.v1", "chat.v1"],
      ["other, chat.v1", "chat.v1"],
      ["other", undefined],
      ["chat.v10", undefined],
    ] as const) {
      const chat = aChat();
      expect(await connect(chat, handshake(offered)), offered).to.deep.equal(taken ? { subprotocol: taken } : {});
      expect((await chat.stored(connection)).protocol, offered).to.equal(taken ?? "plain");
    }
  });

  it("tells the lobby, and not the newcomer, whose handshake is pending", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1" });
    await connect(chat, handshake("chat.v1"));
    expect(chat.heard(listener)).to.deep.equal([{ type: "joined", channel: "lobby", user: guest.user }]);
    expect(chat.heard(connection)).to.deep.equal([]);
  });

  it("takes the user, the groups and the token's end from the authorizer, and joins as that user", async () => {
    const chat = aChat({ authentication: "jwt" });
    const authorizer = { principalId: "anna", user: "anna", groups: '["staff"]', expiresAt: String(NOON + 60_000) };
    await connect(chat, { ...handshake(), caller: { authorizer, identity: {} } });
    const own = { ...connection, user: "anna", protocol: "plain", expiresAt: NOON + 60_000 };
    const stored = await chat.stored(connection);
    expect(stored).to.deep.equal({ ...own, groups: ["staff"], memberships: [LOBBY_SHARD] });
    expect(await everybody(chat.members, LOBBY_SHARD)).to.deep.equal([{ ...own, joinedAt: NOON }]);
    expect(await chat.users.connectionsOf("anna")).to.deep.equal([own]);
  });

  it("takes the user from the signature where IAM decides", async () => {
    const chat = aChat({ authentication: "iam" });
    const identity = { userArn: "arn:aws:iam::000000000000:user/anna", sourceIp: "127.0.0.1" };
    await connect(chat, { ...handshake(), caller: { authorizer: {}, identity } });
    expect(await chat.stored(connection)).to.include({ user: identity.userArn });
  });

  it("lets nobody in of whom nothing is known, where users are authenticated", async () => {
    for (const authentication of ["cognito", "jwt", "iam"] as const) {
      const chat = aChat({ authentication });
      expect(await rejection(connect(chat, handshake())), authentication).to.include("$connect must not be open");
      expect(chat.size()).to.equal(0);
    }
  });

  it("calls nobody what an authorizer says, where nobody is authenticated", async () => {
    const chat = aChat();
    const authorizer = { user: "anna", groups: "[]" };
    await connect(chat, { ...handshake(), caller: { authorizer, identity: {} } });
    expect((await chat.stored(connection)).user).to.equal(guest.user);
  });

  it("forbids a page from elsewhere, and stores nothing", async () => {
    const chat = aChat({ allowedOrigins: ["https://chat.example.com"] });
    const from = (origin: string) => connect(chat, { ...handshake(), headers: { origin } });
    for (const origin of ["https://evil.example.com", "http://chat.example.com", "null", ""]) {
      expect(await from(origin), origin).to.deep.equal({ forbidden: true, facts: { refused: "origin" } });
    }
    expect(chat.size()).to.equal(0);
    expect(await from("https://chat.example.com")).to.deep.equal({});
  });

  it("lets in who names no origin, and is no browser", async () => {
    expect(await connect(aChat({ allowedOrigins: ["https://chat.example.com"] }), handshake())).to.deep.equal({});
  });

  describe("where connections are counted", () => {
    const from = (id: string, sourceIp: string) => ({
      ...handshake(),
      connection: { id, connectedAt: NOON },
      caller: { authorizer: { user: "anna", groups: "[]" }, identity: { sourceIp } },
    });

    it("lets an address have as many as it may, and leaves nothing of one more", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      for (const id of ["a", "b"]) expect(await connect(chat, from(id, "192.0.2.1"))).to.deep.equal({});
      const size = chat.size();
      expect(await connect(chat, from("c", "192.0.2.1"))).to.include({ tooMany: true });
      expect(chat.size()).to.equal(size);
      expect(await connect(chat, from("d", "192.0.2.2"))).to.deep.equal({});
    });

    it("lets a user have as many as they may, from wherever, and one more once one is gone", async () => {
      const chat = aChat({ authentication: "jwt", connectionsPerUserMax: 2 });
      for (const id of ["a", "b"]) expect(await connect(chat, from(id, `192.0.2.${id.length}`))).to.deep.equal({});
      expect(await connect(chat, from("c", "192.0.2.3"))).to.include({ tooMany: true });
      await forget(chat, "a");
      expect(await connect(chat, from("d", "192.0.2.4"))).to.deep.equal({});
    });

    it("never has more than may be, of those that come at once", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      const ids = ["a", "b", "c", "d", "e"];
      const outcomes = await Promise.all(ids.map((id) => connect(chat, from(id, "192.0.2.1"))));
      expect(outcomes.filter(({ tooMany }) => !tooMany).length).to.be.at.most(2);
    });

    it("lets in a user whose counted connections are gone, and notifies the lobby of them", async () => {
      let now = NOON;
      const chat = aChat({ authentication: "jwt", connectionsPerUserMax: 2, now: () => now });
      for (const id of ["a", "b"]) await connect(chat, from(id, "192.0.2.1"));
      const listener = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
      chat.answer({ id: "a" }, gone);
      const later = { ...from("c", "192.0.2.1"), connection: { id: "c", connectedAt: NOON + 60_000 } };
      now += 10_000;
      expect(await connect(chat, later), "while the handshakes may be pending").to.include({ tooMany: true });
      now += 50_000;
      expect(await connect(chat, later)).to.deep.equal({});
      expect((await chat.users.connectionsOf("anna")).map(({ id }) => id)).to.have.members(["b", "c"]);
      expect(await chat.connections.get("a")).to.equal(undefined);
      expect(chat.heard(listener), "anna is still there").to.deep.equal([]);
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
      expect(await connect({ ...chat, probe }, from("new", "192.0.2.1"))).to.include({ tooMany: true });
      expect(probe.args.flat()).to.have.members(ids.slice(0, 10));
    });

    it("keeps out a user whose connections could not be probed", async () => {
      let now = NOON;
      const chat = aChat({ authentication: "jwt", connectionsPerUserMax: 1, now: () => now });
      await connect(chat, from("a", "192.0.2.1"));
      now += 60_000;
      const unknown = { ...chat, probe: async () => ({ failed: "503" }) };
      expect(await connect(unknown, from("b", "192.0.2.1"))).to.include({ tooMany: true });
      expect(await chat.connections.get("a")).to.have.property("id");
    });

    it("leaves nothing of an address when its connection is gone", async () => {
      const chat = aChat({ connectionsPerAddressMax: 2 });
      await connect(chat, from("a", "192.0.2.1"));
      await forget(chat, "a");
      expect(chat.size()).to.equal(0);
    });
  });

  it("leaves nothing of a connection that could not be stored as a whole", async () => {
    const away = () => Promise.reject(new Error("the table is away"));
    const authorizer = { user: "anna", groups: "[]" };
    const request = { ...handshake(), caller: { authorizer, identity: { sourceIp: "192.0.2.1" } } };
    for (const broken of ["users", "addresses", "members"] as const) {
      const chat = aChat({ authentication: "jwt", connectionsPerUserMax: 1, connectionsPerAddressMax: 1 });
      const outcome = connect({ ...chat, [broken]: { ...chat[broken], add: away } }, request);
      expect(await rejection(outcome), broken).to.equal("the table is away");
      expect(chat.size(), broken).to.equal(0);
    }
  });

  it("lets in a client of which nobody could be notified, and logs why", async () => {
    const chat = aChat();
    const pages = () => {
      throw new Error("the table is away");
    };
    const outcome = await connect({ ...chat, members: { ...chat.members, pages } }, handshake("chat.v1"));
    expect(outcome).to.deep.equal({ subprotocol: "chat.v1", facts: { unnotified: "Error: the table is away" } });
    expect(await everybody(chat.members, LOBBY_SHARD)).to.have.length(1);
  });

  it("stores no member when the connection could not be stored", async () => {
    const chat = aChat();
    const add = () => Promise.reject(new Error("the table is away"));
    const outcome = connect({ ...chat, connections: { ...chat.connections, add } }, handshake());
    expect(await rejection(outcome)).to.equal("the table is away");
    expect(chat.size()).to.equal(0);
  });
});
