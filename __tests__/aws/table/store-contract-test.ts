import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { connections } from "../../../aws/table/connections.ts";
import { members } from "../../../aws/table/members.ts";
import type { Connections, Members, Now } from "../../../chat/ports.ts";
import { type Store, startStore } from "../../../emulator/dynamodb/store.ts";
import { createTables } from "../../../emulator/dynamodb/tables.ts";
import { aConnection, NOON } from "../../support/builders.ts";
import { aGuarding } from "../../support/guarding.ts";
import { everybody, memoryStore } from "../../support/memory.ts";

interface Engine {
  open(now: Now): Promise<{ connections: Connections; members: Members }>;
  close?(): Promise<void>;
}

/** A DynamoDB, the embedded one or one that runs elsewhere, with a table of the test's own. */
function dynamodb(dynamodbEndpoint?: string): Engine {
  let store: Store;
  return {
    async open(now) {
      store = await startStore({ dynamodbEndpoint }, aGuarding());
      const name = `contract-${randomUUID()}`;
      const keys = [
        { attribute: "pk", role: "HASH", type: "S" },
        { attribute: "sk", role: "RANGE", type: "S" },
      ] as const;
      await createTables(store.client, [{ name, keys, indexes: [], ttlAttribute: "ttl" }]);
      const table = { client: store.client, name };
      return { connections: connections(table), members: members(table, now) };
    },
    close: () => store.stop(),
  };
}

const { DYNAMODB_ENDPOINT } = process.env;

const engines: Record<string, Engine> = {
  "in memory": { open: async (now) => memoryStore(now) },
  "in dynalite": dynamodb(),
  ...(DYNAMODB_ENDPOINT && { "at DYNAMODB_ENDPOINT": dynamodb(DYNAMODB_ENDPOINT) }),
};

const lobby = { channel: "lobby", shard: 0 };
const ops = { channel: "ops", shard: 3 };

for (const [where, engine] of Object.entries(engines)) {
  describe(`connections and members ${where}`, () => {
    let now = NOON;
    let store: { connections: Connections; members: Members };
    before(async () => {
      store = await engine.open(() => now);
    });
    after(() => engine.close?.());
    beforeEach(() => {
      now = NOON;
    });

    it("give back a connection's memberships when it is removed, and none the second time", async () => {
      const { id, ...rest } = aConnection();
      await store.connections.add({ id, ...rest }, [lobby, ops]);

      expect(await store.connections.remove(id)).to.have.deep.members([lobby, ops]);
      expect(await store.connections.remove(id)).to.deep.equal([]);
    });

    it("keep the shards of all channels apart", async () => {
      const [anna, ben] = [aConnection(), aConnection()];
      const shards = [
        { channel: "apart", shard: 0 },
        { channel: "apart", shard: 1 },
      ] as const;
      await store.members.add(shards[0], anna);
      await store.members.add(shards[1], ben);

      expect(await everybody(store.members, shards[0])).to.deep.equal([anna]);
      expect(await everybody(store.members, shards[1])).to.deep.equal([ben]);
      expect(await everybody(store.members, { channel: "apart", shard: 2 })).to.deep.equal([]);
    });

    it("have a member once, however often it is added, and no longer when it is removed", async () => {
      const shard = { channel: "once", shard: 0 };
      const anna = aConnection();
      await store.members.add(shard, anna);
      await store.members.add(shard, anna);
      expect(await everybody(store.members, shard)).to.deep.equal([anna]);

      await store.members.remove(shard, anna.id);
      await store.members.remove(shard, anna.id);
      expect(await everybody(store.members, shard)).to.deep.equal([]);
    });

    it("do not show a member past its TTL, whether the store has deleted it or not", async () => {
      const shard = { channel: "expired", shard: 0 };
      const connection = aConnection({ connectedAt: NOON });
      await store.members.add(shard, connection);

      now = NOON + (7200 + 600) * 1000 - 1;
      expect(await everybody(store.members, shard)).to.deep.equal([connection]);
      now += 1;
      expect(await everybody(store.members, shard)).to.deep.equal([]);
    });

    it("give a channel of many members completely", async () => {
      const shard = { channel: "many", shard: 0 };
      const many = Array.from({ length: 300 }, () => aConnection());
      await Promise.all(many.map((connection) => store.members.add(shard, connection)));

      expect(await everybody(store.members, shard)).to.have.deep.members(many);
    });
  });
}
