import { expect } from "chai";
import { announcing } from "../../chatops/announce.ts";
import { aChat } from "../support/chat.ts";

describe("chatops/announce", () => {
  it("stores what it says in ops, and leaves the audience to the worker", async () => {
    const chat = aChat();
    await announcing({ ...chat, onFault: (fault) => expect.fail(String(fault)) })("It is done.");
    const [stored] = await chat.messages.read({ channel: "ops", limit: 1, latestFirst: true });
    expect(stored).to.include({ from: "chat-ops", data: "It is done." });
    expect(chat.tasks.map(({ shard, frame }) => [shard, "id" in frame && frame.id])).to.deep.equal([
      [{ channel: "ops", shard: 0 }, stored?.id],
    ]);
  });

  it("tells what went wrong to the log, and goes on", async () => {
    const chat = aChat();
    const faults: unknown[] = [];
    const handOver = async (): Promise<void> => Promise.reject(new Error("Lambda is away"));
    await announcing({ ...chat, handOver, onFault: (fault) => void faults.push(fault) })("It is done.");
    expect(faults.map(String)).to.deep.equal(["Error: Lambda is away"]);
  });
});
