import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { expect } from "chai";
import type { Shard } from "../../../chat/channel.ts";
import { aConnection, aMessage, aTable, NOON } from "../../support/builders.ts";
import { aGuarding } from "../../support/guarding.ts";
import { memoryStore, type Store } from "../../support/memory.ts";
import { storeIn } from "../../support/table.ts";

const OPS: Shard = { channel: "ops", shard: 0 };

/** A store of which a test can have the next write take effect without an answer, so that it is sent again. */
interface Engine {
  readonly store: Store;
  loseNext<Answer>(call: () => Promise<Answer>): Promise<Answer>;
}

/** As the harness of faults repeats a call. */
function inMemory(): Engine {
  const retrying = { isRetry: false };
  return {
    store: memoryStore(() => NOON, retrying),
    async loseNext(call) {
      await call();
      retrying.isRetry = true;
      const answering = call();
      retrying.isRetry = false;
      return answering;
    },
  };
}

/** With the SDK's own retries. */
function inDynalite({ client }: DynamodbStore): Engine {
  let isLosing = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (!isLosing) return answer;
      isLosing = false;
      throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
    },
    { step: "finalizeRequest", priority: "low", name: "losing" },
  );
  return {
    store: storeIn({ client, name: "lost" }, () => NOON),
    async loseNext(call) {
      isLosing = true;
      const answer = await call();
      expect(isLosing, "an answer was lost").to.equal(false);
      return answer;
    },
  };
}

for (const where of ["in memory", "in dynalite"] as const) {
  describe(`the store ${where}, when the answer to a write is lost and the SDK repeats it`, () => {
    let engine: Engine;
    let dynalite: DynamodbStore | undefined;
    before(async () => {
      if (where === "in memory") {
        engine = inMemory();
        return;
      }
      dynalite = await startStore({}, aGuarding());
      await createTables(dynalite.client, [aTable("lost")]);
      engine = inDynalite(dynalite);
    });
    after(() => dynalite?.stop());

    it("ends a membership, and says so", async () => {
      const { store, loseNext } = engine;
      const anna = aConnection({ memberships: [OPS] });
      await store.connections.add(anna);
      expect(await loseNext(() => store.connections.leave(anna.id, "ops", 0))).to.equal(true);
      expect((await store.connections.get(anna.id))?.memberships).to.deep.equal([]);
    });

    it("removes a connection, and gives what its caller knew of it", async () => {
      const { store, loseNext } = engine;
      const anna = aConnection();
      await store.connections.add(anna);
      expect(await loseNext(() => store.connections.remove(anna.id, anna))).to.deep.equal(anna);
      expect(await store.connections.remove(anna.id, anna), "without a retry").to.equal(undefined);
    });

    it("renames a connection, and still gives its former name", async () => {
      const { store, loseNext } = engine;
      const anna = aConnection();
      await store.connections.add(anna);
      const before = await loseNext(() => store.connections.rename(anna.id, "anna"));
      expect(before).to.include({ user: "anna", formerUser: anna.user });
    });

    it("claims a name, and a repeat, for the same caller", async () => {
      const { store, loseNext } = engine;
      const anna = aConnection();
      expect(await loseNext(() => store.names.claim("anna", anna))).to.equal(true);
      const { id: message, channel, from: user, data } = aMessage();
      const claim = await loseNext(() => store.repeats.claim({ message, channel, user, data, id: "c-1" }));
      expect(claim).to.deep.equal({ message, isDelivered: false });
      const replacing = { message: "new", channel, user, data, id: "c-1" };
      const replaced = await loseNext(() => store.repeats.claim(replacing, message));
      expect(replaced).to.deep.equal({ message: "new", isDelivered: false });
    });

    it("stores and deletes a message", async () => {
      const { store, loseNext } = engine;
      const message = aMessage();
      expect(await loseNext(() => store.messages.store(message))).to.equal(true);
      expect(await loseNext(() => store.messages.delete(message))).to.equal(true);
    });

    it("blocks an id", async () => {
      const { store, loseNext } = engine;
      expect(await loseNext(() => store.messages.block({ channel: "ops", id: "late" }))).to.equal(true);
    });
  });
}
