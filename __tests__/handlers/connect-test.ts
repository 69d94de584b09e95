import { expect } from "chai";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { connect } from "../../handlers/connect.ts";
import { NOBODY, NOON } from "../support/builders.ts";
import { aChat } from "../support/chat.ts";
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

  it("stores no member when the connection could not be stored", async () => {
    const chat = aChat();
    const add = () => Promise.reject(new Error("the table is away"));
    const outcome = connect({ ...chat, connections: { ...chat.connections, add } }, handshake());
    expect(await rejection(outcome)).to.equal("the table is away");
    expect(chat.size()).to.equal(0);
  });
});
