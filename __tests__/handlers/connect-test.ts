import { expect } from "chai";
import { connect } from "../../handlers/connect.ts";
import { aConnection, NOON } from "../support/builders.ts";
import { everybody, memoryStore } from "../support/memory.ts";
import { rejection } from "../support/rejection.ts";

const lobby = { channel: "lobby", shard: 0 };

describe("handlers/connect", () => {
  it("stores the connection and joins it to the lobby", async () => {
    const store = memoryStore(() => NOON);
    const connection = aConnection({ connectedAt: NOON });

    await connect(store, { connection, route: "$connect", body: "" });

    expect(await everybody(store.members, lobby)).to.deep.equal([connection]);
    expect(await store.connections.remove(connection.id)).to.deep.equal([lobby]);
  });

  it("stores no member when the connection could not be stored", async () => {
    const store = memoryStore(() => NOON);
    const connections = { add: () => Promise.reject(new Error("the table is away")) };

    const outcome = connect({ ...store, connections }, { connection: aConnection(), route: "$connect", body: "" });

    expect(await rejection(outcome)).to.equal("the table is away");
    expect(store.size()).to.equal(0);
  });
});
