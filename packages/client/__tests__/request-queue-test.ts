import { expect } from "chai";
import type { Connection, Loss } from "../src/connection.ts";
import { RequestQueue } from "../src/request-queue.ts";

/** A connection that does nothing but get lost. */
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

describe("packages/client/request-queue", () => {
  it("performs one request after the other", async () => {
    const queue = new RequestQueue();
    const { connection, lose } = aConnection();
    const first = deferred<string>();
    const begun: string[] = [];
    const done = [
      queue.add(() => {
        begun.push("first");
        return first.promise;
      }),
      queue.add(async () => {
        begun.push("second");
        return "2";
      }),
    ];
    const work = queue.work(connection);
    expect(begun).to.deep.equal(["first"]);
    first.resolve("1");
    expect(await Promise.all(done)).to.deep.equal(["1", "2"]);
    expect(await queue.add(async (used) => used === connection)).to.equal(true);
    await lose();
    await work;
  });

  it("repeats a request on the next connection if the connection was lost", async () => {
    const queue = new RequestQueue();
    const [dead, alive] = [aConnection(), aConnection()];
    const usedBy: Connection[] = [];
    const done = queue.add(async (connection) => {
      usedBy.push(connection);
      if (connection === dead.connection) await dead.lose();
      return connection === dead.connection ? undefined : "done";
    });
    await queue.work(dead.connection);
    const work = queue.work(alive.connection);
    expect(await done).to.equal("done");
    expect(usedBy).to.deep.equal([dead.connection, alive.connection]);
    await alive.lose();
    await work;
  });

  it("continues after an action that rejects, and rejects the request", async () => {
    const queue = new RequestQueue();
    const { connection, lose } = aConnection();
    const fault = new TypeError("It cannot be JSON.");
    const failing = queue.add(() => Promise.reject(fault)).catch((thrown: unknown) => thrown);
    const next = queue.add(async () => "done");
    const work = queue.work(connection);
    expect([await failing, await next]).to.deep.equal([fault, "done"]);
    await lose();
    await work;
  });

  it("settles all requests with undefined when it is closed, and every later one", async () => {
    const queue = new RequestQueue();
    const left = queue.add(async () => "done");
    queue.close();
    expect([await left, await queue.add(async () => "done")]).to.deep.equal([undefined, undefined]);
  });
});
