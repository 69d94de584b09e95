import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { expect } from "chai";
import { ulid } from "ulid";
import { confirmations, leases, trail } from "../../../aws/table/chat-ops.ts";
import type { Table } from "../../../aws/table/table.ts";
import { aTable, NOON } from "../../support/builders.ts";
import { aGuarding } from "../../support/guarding.ts";
import { rejection } from "../../support/rejection.ts";

describe("what chat-ops keeps in the table", () => {
  let store: Store;
  let table: Table;
  let now: number;
  before(async () => {
    store = await startStore({}, aGuarding());
    await createTables(store.client, [aTable("ops")]);
    table = { client: store.client, name: "ops" };
  });
  after(() => store.stop());
  beforeEach(() => {
    now = NOON;
  });

  describe("the audit trail", () => {
    const entry = { at: NOON, service: "github", by: "schedule", outcome: "done", said: "It is done." } as const;

    it("refuses a line in the place of another", async () => {
      const { add } = trail(table, () => "one");
      await add(entry);
      expect(await rejection(add({ ...entry, outcome: "refused" }))).to.equal("The conditional request failed");
    });
  });

  describe("a lease", () => {
    let leased = 0;
    /** Of a service that no other test knows. */
    const aLease = () => {
      leased += 1;
      return { service: `service-${leased}`, now: () => now, newId: () => ulid() };
    };

    it("is had by one at a time", async () => {
      const lease = leases(table, aLease());
      const release = await lease.take();
      expect(await lease.take()).to.equal(undefined);
      await release?.();
      expect(await lease.take()).to.be.a("function");
    });

    it("is had by the request that repeats its own write, as the SDK does when an answer is lost", async () => {
      const lease = leases(table, { ...aLease(), newId: () => "one" });
      await lease.take();
      expect(await lease.take()).to.be.a("function");
    });

    it("ends by itself after a minute, and whoever had it cannot release the next one's", async () => {
      const lease = leases(table, aLease());
      const release = await lease.take();
      now += 60_000;
      expect(await lease.take()).to.be.a("function");
      await release?.();
      expect(await lease.take()).to.equal(undefined);
    });
  });

  describe("what waits for a second person", () => {
    const waiting = { code: "k3v9zt", service: "github", action: "freeze", by: "anna", until: NOON + 300_000 } as const;
    const of = (service: string) => confirmations(table, { service, newId: () => ulid() });

    it("is given back as it was, to its own service alone", async () => {
      await of("github").put(waiting);
      expect(await of("github").get("k3v9zt")).to.deep.equal(waiting);
      expect(await of("jenkins").get("k3v9zt")).to.equal(undefined);
    });

    it("is taken once, however many take it at the same time, and is not found afterwards", async () => {
      const { put, get, take } = of("github");
      const once = { ...waiting, code: "once" };
      await put(once);
      const taken = await Promise.all([take(once), take(once), take(once)]);
      expect(taken.filter(Boolean)).to.have.length(1);
      expect(await get("once")).to.equal(undefined);
    });

    it("cannot be taken if it was never stored", async () => {
      expect(await of("github").take({ ...waiting, code: "never" })).to.equal(false);
    });

    it("does not overwrite what waits under the same code", async () => {
      const { put } = of("github");
      await put({ ...waiting, code: "same" });
      expect(await rejection(put({ ...waiting, code: "same", by: "ben" }))).to.equal("The conditional request failed");
    });
  });

  describe("if the answer to a write is lost and the SDK repeats it", () => {
    const entry = { at: NOON, service: "github", by: "schedule", outcome: "done", said: "It is done." } as const;
    const waiting = { code: "lost", service: "github", action: "freeze", by: "anna", until: NOON + 300_000 } as const;
    let isLosing = false;
    before(() => {
      store.client.middlewareStack.add(
        (next) => async (args) => {
          const answer = await next(args);
          if (!isLosing) return answer;
          isLosing = false;
          throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
        },
        { step: "finalizeRequest", priority: "low", name: "losing" },
      );
    });
    const loseNext = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
      isLosing = true;
      const answer = await call();
      expect(isLosing, "an answer was lost").to.equal(false);
      return answer;
    };

    it("adds a line to the audit trail", async () => {
      await loseNext(() => trail(table, () => "repeated").add(entry));
    });

    it("stores what waits for a second person, and takes it once", async () => {
      const { put, take } = confirmations(table, { service: "github", newId: () => ulid() });
      await loseNext(() => put(waiting));
      expect(await loseNext(() => take(waiting))).to.equal(true);
      expect(await take(waiting)).to.equal(false);
    });
  });
});
