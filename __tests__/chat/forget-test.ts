import { expect } from "chai";
import { forget } from "../../chat/forget.ts";
import { aConnection, NOON } from "../support/builders.ts";
import { everybody, memoryStore } from "../support/memory.ts";

const lobby = { channel: "lobby", shard: 0 };
const ops = { channel: "ops", shard: 2 };

describe("chat/forget", () => {
  it("removes a connection and every membership it had, and no other", async () => {
    const store = memoryStore(() => NOON);
    const [leaving, staying] = [aConnection(), aConnection()];
    for (const connection of [leaving, staying]) {
      await store.connections.add(connection, [lobby, ops]);
      await store.members.add(lobby, connection);
      await store.members.add(ops, connection);
    }

    await forget(store, leaving.id);

    expect(store.size()).to.equal(3);
    expect(await everybody(store.members, ops)).to.deep.equal([staying]);
  });

  it("does nothing where there is nothing", async () => {
    const store = memoryStore(() => NOON);
    await forget(store, aConnection().id);
    expect(store.size()).to.equal(0);
  });
});
