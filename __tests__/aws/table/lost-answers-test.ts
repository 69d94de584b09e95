import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { expect } from "chai";
import { ulid } from "ulid";
import { pairOf } from "../../../aws/table/keys.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Shard } from "../../../chat/channel.ts";
import { aConnection, aMessage, NOON } from "../../support/builders.ts";
import { type LosingProxy, startLosingProxy } from "../../support/losing-proxy.ts";
import { memoryStore, type Store } from "../../support/memory.ts";
import { leanTable, storeIn } from "../../support/table.ts";

const OPS: Shard = { channel: "ops", shard: 0 };

/** A store whose next write a test can make take effect without a response, so that it is repeated. */
interface Engine {
  readonly store: Store;
  loseResponse<Result>(call: () => Promise<Result>): Promise<Result>;
}

/** Repeats a call like the fault harness. */
function inMemory(): Engine {
  const retrying = { isRetry: false };
  return {
    store: memoryStore(() => NOON, retrying),
    async loseResponse(call) {
      await call();
      retrying.isRetry = true;
      const repeated = call();
      retrying.isRetry = false;
      return repeated;
    },
  };
}

/** Lets the client of the functions repeat the call. */
const inDynalite = ({ url, loseResponse }: LosingProxy): Engine => ({
  store: storeIn(leanTable(url, "lean"), () => NOON),
  loseResponse,
});

/** Lets the SDK repeat the call. */
function inDynaliteBySdk({ client }: DynamodbStore): Engine {
  let isResponseLost = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      const response = await next(args);
      if (!isResponseLost) return response;
      isResponseLost = false;
      throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
    },
    { step: "finalizeRequest", priority: "low", name: "loseResponse" },
  );
  return {
    store: storeIn(sdkTable(client, "sdk"), () => NOON),
    async loseResponse(call) {
      isResponseLost = true;
      const result = await call();
      expect(isResponseLost, "the response was not lost").to.equal(false);
      return result;
    },
  };
}

describe("aws/table, if the response to a write is lost and the client repeats it", () => {
  let dynalite: DynamodbStore;
  let proxy: LosingProxy;
  before(async () => {
    dynalite = await startStore({}, guardOptions());
    await createTables(dynalite.client, [aTable("lean"), aTable("sdk")]);
    proxy = await startLosingProxy(dynalite.url);
  });
  after(() => Promise.all([dynalite.stop(), proxy.stop()]));

  const engines: Readonly<Record<string, () => Engine>> = {
    "in memory": inMemory,
    "in dynalite": () => inDynalite(proxy),
    "in dynalite, called by the SDK": () => inDynaliteBySdk(dynalite),
  };

  for (const [where, engineOf] of Object.entries(engines)) {
    describe(where, () => {
      let engine: Engine;
      before(() => {
        engine = engineOf();
      });

      it("ends a membership, and reports that it did", async () => {
        const { store, loseResponse } = engine;
        const anna = aConnection({ memberships: [OPS] });
        await store.connections.add(anna);
        expect(await loseResponse(() => store.connections.leave(anna.id, "ops", 0))).to.equal(true);
        expect((await store.connections.get(anna.id))?.memberships).to.deep.equal([]);
      });

      it("removes a connection, and returns the state that the caller passed", async () => {
        const { store, loseResponse } = engine;
        const anna = aConnection();
        await store.connections.add(anna);
        expect(await loseResponse(() => store.connections.remove(anna.id, anna))).to.deep.equal(anna);
        expect(await store.connections.remove(anna.id, anna), "without a retry").to.equal(undefined);
      });

      it("renames a connection, and returns its former name", async () => {
        const { store, loseResponse } = engine;
        const anna = aConnection();
        await store.connections.add(anna);
        const before = await loseResponse(() => store.connections.rename(anna.id, "anna"));
        expect(before).to.include({ user: "anna", formerUser: anna.user });
      });

      it("claims a name, and a repeat, for the same caller", async () => {
        const { store, loseResponse } = engine;
        const anna = aConnection();
        expect(await loseResponse(() => store.names.claim("anna", anna))).to.equal(true);
        const { id: message, channel, from: user, data } = aMessage();
        for (const kind of ["repeats", "published"] as const) {
          const request = { message, channel, user, data, id: "c-1" };
          const claim = await loseResponse(() => store[kind].claim(request));
          expect(claim).to.deep.equal({ message, isDelivered: false });
          const replacing = { ...request, message: "new" };
          const replaced = await loseResponse(() => store[kind].claim(replacing, message));
          expect(replaced).to.deep.equal({ message: "new", isDelivered: false });
          await loseResponse(() => store[kind].settle(replacing));
          expect(await store[kind].claim(request)).to.deep.equal({ message: "new", isDelivered: true });
        }
      });

      it("stores and deletes a message", async () => {
        const { store, loseResponse } = engine;
        const message = aMessage();
        expect(await loseResponse(() => store.messages.store(message))).to.equal(true);
        expect(await loseResponse(() => store.messages.delete(message))).to.equal(true);
      });

      it("records a conversation, and a known user", async () => {
        const { store, loseResponse } = engine;
        const [pair, last] = [pairOf("anna", { name: "ben" }), aMessage().id];
        await loseResponse(() => store.conversations.record("anna", { pair, other: { name: "ben" }, last }));
        const change = aMessage().id;
        await loseResponse(() => store.conversations.recordChange("anna", { pair, change }));
        await loseResponse(() => store.knownUsers.add("anna"));
        expect(await store.conversations.list("anna", { limit: 9 })).to.deep.equal([
          { pair, other: { name: "ben" }, last, change },
        ]);
        expect(await store.knownUsers.has("anna")).to.equal(true);
      });

      it("edits a message once, and reports that its latest edit is another one", async () => {
        const { store, loseResponse } = engine;
        const message = { ...aMessage(), author: "USER#ben" };
        await store.messages.store(message);
        const versions = [{ data: message.data }];
        const edited = { ...message, data: "new", edit: ulid(NOON), editDigest: "digest", versions };
        expect(await loseResponse(() => store.messages.edit(edited, undefined))).to.equal(false);
        expect(await store.messages.get(message)).to.deep.equal(edited);
      });

      it("sets a reaction, and does not report its own record as a former one", async () => {
        const { store, loseResponse } = engine;
        const [target, author] = [{ channel: "ops", id: ulid(NOON) }, "anna"];
        const change = ulid(NOON);
        const set = await loseResponse(() => store.reactions.set({ ...target, author, emoji: "👍", change }));
        expect(set).not.to.have.property("former");
        expect(set.reactions.counts).to.deep.equal([{ emoji: "👍", count: 1 }]);
        const record = { id: change, channel: "ops", reacted: target.id };
        await loseResponse(() => store.reactions.record({ ...record, revision: 1 }));
        expect(await store.reactions.records({ channel: "ops", limit: 2 })).to.deep.equal([record]);
        await loseResponse(() => store.reactions.settle(record));
        expect(await store.reactions.isSettled(target)).to.equal(true);
        await loseResponse(() => store.reactions.forget({ ...record, revision: 2 }));
        expect(await store.reactions.records({ channel: "ops", limit: 2 })).to.deep.equal([]);
        await loseResponse(() => store.reactions.remove(target));
        expect(await store.reactions.get(target, author)).to.equal(undefined);
      });

      it("adds and removes a lasting channel, and reports that the user was in it", async () => {
        const { lastingChannels } = engine.store;
        expect(await engine.loseResponse(() => lastingChannels.add("anna", "ops"))).to.equal(true);
        await engine.loseResponse(() => lastingChannels.setGroups("anna", ["staff"]));
        const { groups } = await engine.store.handshakes.readUser("anna", { ban: false, invitations: [] });
        expect(groups).to.deep.equal(["staff"]);
        expect(await engine.loseResponse(() => lastingChannels.remove("anna", ["ops"]))).to.equal(true);
        expect(await lastingChannels.remove("anna", ["ops"])).to.equal(false);
      });

      it("stores a connection and its members", async () => {
        const { store, loseResponse } = engine;
        const anna = aConnection({ user: "anna", groups: [], memberships: [OPS] });
        await loseResponse(() => store.handshakes.addConnection(anna));
        await loseResponse(() => store.handshakes.addMembers(anna));
        expect(await store.connections.get(anna.id)).to.deep.equal(anna);
        expect(await store.members.has(OPS, anna.id)).to.equal(true);
      });

      it("moves a read marker", async () => {
        const { store, loseResponse } = engine;
        const marker = { user: "anna", channel: "ops", id: ulid(NOON) };
        expect(await loseResponse(() => store.readMarkers.advance(marker))).to.equal(true);
        expect((await store.readMarkers.list("anna")).get("ops")).to.equal(marker.id);
      });

      it("blocks an id", async () => {
        const { store, loseResponse } = engine;
        expect(await loseResponse(() => store.messages.block({ channel: "ops", id: "late" }))).to.equal(true);
      });
    });
  }
});
