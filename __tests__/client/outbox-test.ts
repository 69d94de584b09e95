import { expect } from "chai";
import type { Connection, Loss } from "../../client/connection.ts";
import { Outbox } from "../../client/outbox.ts";

/** A connection of which no more is used than when it is lost. */
function aConnection(): { readonly connection: Connection; lose(): Promise<void> } {
  const { promise: lost, resolve } = deferred<Loss>();
  return {
    connection: { lost } as Connection,
    async lose() {
      resolve({ reason: "a test cuts it" });
      await lost;
    },
  };
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("client/outbox", () => {
  it("does one thing after the other", async () => {
    const outbox = new Outbox();
    const { connection, lose } = aConnection();
    const first = deferred<string>();
    const begun: string[] = [];
    const done = [
      outbox.add(() => {
        begun.push("first");
        return first.promise;
      }),
      outbox.add(async () => {
        begun.push("second");
        return "2";
      }),
    ];
    const work = outbox.work(connection);
    expect(begun).to.deep.equal(["first"]);
    first.resolve("1");
    expect(await Promise.all(done)).to.deep.equal(["1", "2"]);
    expect(await outbox.add(async (used) => used === connection)).to.equal(true);
    await lose();
    await work;
  });

  it("does again on the next connection what was not done on one that was lost", async () => {
    const outbox = new Outbox();
    const [dead, alive] = [aConnection(), aConnection()];
    const usedBy: Connection[] = [];
    const done = outbox.add(async (connection) => {
      usedBy.push(connection);
      if (connection === dead.connection) await dead.lose();
      return connection === dead.connection ? undefined : "done";
    });
    await outbox.work(dead.connection);
    const work = outbox.work(alive.connection);
    expect(await done).to.equal("done");
    expect(usedBy).to.deep.equal([dead.connection, alive.connection]);
    await alive.lose();
    await work;
  });

  it("goes on after an act that fails, whose caller gets the fault", async () => {
    const outbox = new Outbox();
    const { connection, lose } = aConnection();
    const fault = new TypeError("It cannot be JSON.");
    const failing = outbox.add(() => Promise.reject(fault)).catch((thrown: unknown) => thrown);
    const next = outbox.add(async () => "done");
    const work = outbox.work(connection);
    expect([await failing, await next]).to.deep.equal([fault, "done"]);
    await lose();
    await work;
  });

  it("gives up what is left when it is closed, and all that comes after", async () => {
    const outbox = new Outbox();
    const left = outbox.add(async () => "done");
    outbox.close();
    expect([await left, await outbox.add(async () => "done")]).to.deep.equal([undefined, undefined]);
  });
});
