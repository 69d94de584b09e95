import { expect } from "chai";
import { opsAnnouncer } from "../../chatops/announce.ts";
import { aChat } from "../support/chat.ts";

describe("chatops/announce", () => {
  it("stores an announcement in ops, and hands the delivery to the fan-out function", async () => {
    const chat = aChat();
    await opsAnnouncer({ ...chat, onFault: (fault) => expect.fail(String(fault)) })("It is done.");
    const [stored] = await chat.messages.read({ channel: "ops", limit: 1, latestFirst: true });
    expect(stored).to.include({ from: "chat-ops", data: "It is done." });
    expect(chat.tasks.map(({ shard, frame }) => [shard, "id" in frame && frame.id])).to.deep.equal([
      [{ channel: "ops", shard: 0 }, stored?.id],
    ]);
  });

  it("logs a failed announcement, and does not reject", async () => {
    const chat = aChat();
    const faults: unknown[] = [];
    const handOver = async (): Promise<void> => Promise.reject(new Error("Lambda is unavailable"));
    await opsAnnouncer({ ...chat, handOver, onFault: (fault) => void faults.push(fault) })("It is done.");
    expect(faults.map(String)).to.deep.equal(["Error: Lambda is unavailable"]);
  });
});
