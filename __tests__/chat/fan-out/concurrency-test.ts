import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { forEachConcurrently } from "../../../chat/fan-out/concurrency.ts";

describe("chat/fan-out/concurrency", () => {
  it("runs a task for each item, and resolves when all are done", async () => {
    const done: number[] = [];
    await forEachConcurrently(
      [1, 2, 3],
      async (item) => {
        await new Promise(setImmediate);
        done.push(item);
      },
      () => 2,
    );
    expect(done).to.deep.equal([1, 2, 3]);
    await forEachConcurrently(
      [],
      () => Promise.reject(new Error("called")),
      () => 2,
    );
  });

  it("runs as many tasks at once as the limit allows at the time", async () => {
    let size = 1;
    let underWay = 0;
    const seen: number[] = [];
    const task = async (item: number) => {
      underWay += 1;
      seen.push(underWay);
      size = item < 4 ? 3 : 1;
      await new Promise(setImmediate);
      underWay -= 1;
    };
    await forEachConcurrently(
      Array.from({ length: 8 }, (_, index) => index),
      task,
      () => size,
    );
    expect(Math.max(...seen)).to.equal(3);
    expect(seen.at(-1)).to.equal(1);
  });

  it("rejects if a task rejects", async () => {
    const failing = async (item: number) => {
      if (item === 2) throw new Error("two");
    };
    expect(await rejection(forEachConcurrently([1, 2, 3], failing, () => 1))).to.equal("two");
  });
});
