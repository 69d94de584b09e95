import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { ulid } from "ulid";
import { confirmations, leases, trail } from "../../../aws/table/chat-ops.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Table } from "../../../aws/table/table.ts";
import { NOON } from "../../support/builders.ts";

describe("aws/table, the items of chat-ops", () => {
  let store: Store;
  let table: Table;
  let now: number;
  before(async () => {
    store = await startStore({}, guardOptions());
    await createTables(store.client, [aTable("ops")]);
    table = sdkTable(store.client, "ops");
  });
  after(() => store.stop());
  beforeEach(() => {
    now = NOON;
  });

  describe("the audit trail", () => {
    const entry = {
      at: NOON,
      service: "github",
      by: "schedule",
      outcome: "done",
      said: "The token is rotated.",
    } as const;

    it("does not overwrite an existing line", async () => {
      const { add } = trail(table, () => "one");
      await add(entry);
      expect(await rejection(add({ ...entry, outcome: "refused" }))).to.equal("The conditional request failed");
    });
  });

  describe("a lease", () => {
    let leased = 0;
    /** A lease of a service that only this test uses. */
    const aLease = () => {
      leased += 1;
      return { service: `service-${leased}`, now: () => now, newId: () => ulid() };
    };

    it("has one holder at a time", async () => {
      const lease = leases(table, aLease());
      const release = await lease.take();
      expect(await lease.take()).to.equal(undefined);
      await release?.();
      expect(await lease.take()).to.be.a("function");
    });

    it("is granted to a request that repeats its own write, as the SDK does if a response is lost", async () => {
      const lease = leases(table, { ...aLease(), newId: () => "one" });
      await lease.take();
      expect(await lease.take()).to.be.a("function");
    });

    it("expires after a minute, and its former holder cannot release the lease of the next one", async () => {
      const lease = leases(table, aLease());
      const release = await lease.take();
      now += 60_000;
      expect(await lease.take()).to.be.a("function");
      await release?.();
      expect(await lease.take()).to.equal(undefined);
    });
  });

  describe("a pending confirmation", () => {
    const pending = { code: "k3v9zt", service: "github", action: "freeze", by: "anna", until: NOON + 300_000 } as const;
    const of = (service: string) => confirmations(table, { service, newId: () => ulid() });

    it("is returned unchanged, only to its own service", async () => {
      await of("github").put(pending);
      expect(await of("github").get("k3v9zt")).to.deep.equal(pending);
      expect(await of("jenkins").get("k3v9zt")).to.equal(undefined);
    });

    it("can be used once, even by simultaneous requests, and is not found afterwards", async () => {
      const { put, get, take } = of("github");
      const once = { ...pending, code: "once" };
      await put(once);
      const taken = await Promise.all([take(once), take(once), take(once)]);
      expect(taken.filter(Boolean)).to.have.length(1);
      expect(await get("once")).to.equal(undefined);
    });

    it("cannot be used if it was not stored", async () => {
      expect(await of("github").take({ ...pending, code: "never" })).to.equal(false);
    });

    it("does not overwrite another with the same code", async () => {
      const { put } = of("github");
      await put({ ...pending, code: "same" });
      expect(await rejection(put({ ...pending, code: "same", by: "ben" }))).to.equal("The conditional request failed");
    });
  });

  describe("if the response to a write is lost and the SDK repeats it", () => {
    const entry = {
      at: NOON,
      service: "github",
      by: "schedule",
      outcome: "done",
      said: "The token is rotated.",
    } as const;
    const pending = { code: "lost", service: "github", action: "freeze", by: "anna", until: NOON + 300_000 } as const;
    let isResponseLost = false;
    before(() => {
      store.client.middlewareStack.add(
        (next) => async (args) => {
          const response = await next(args);
          if (!isResponseLost) return response;
          isResponseLost = false;
          throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
        },
        { step: "finalizeRequest", priority: "low", name: "loseResponse" },
      );
    });
    const loseResponse = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      isResponseLost = true;
      const result = await call();
      expect(isResponseLost, "the response was not lost").to.equal(false);
      return result;
    };

    it("adds a line to the audit trail", async () => {
      await loseResponse(() => trail(table, () => "repeated").add(entry));
    });

    it("stores a pending confirmation, and takes it once", async () => {
      const { put, take } = confirmations(table, { service: "github", newId: () => ulid() });
      await loseResponse(() => put(pending));
      expect(await loseResponse(() => take(pending))).to.equal(true);
      expect(await take(pending)).to.equal(false);
    });
  });
});
