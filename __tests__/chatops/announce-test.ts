import { expect } from "chai";
import { emittingTrail, opsAnnouncer } from "../../chatops/announce.ts";
import type { AuditEntry } from "../../chatops/ports.ts";
import { NOON } from "../support/builders.ts";
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

  it("publishes an event for an entry of the audit trail once it is stored, without its text", async () => {
    const chat = aChat();
    const stored: AuditEntry[] = [];
    const add = async (entry: AuditEntry): Promise<void> => {
      expect(chat.emitted).to.have.length(stored.length);
      stored.push(entry);
    };
    const trail = emittingTrail({ add }, chat.emit);
    await trail.add({
      at: NOON,
      service: "github",
      action: "rotate",
      by: { user: "anna" },
      outcome: "begun",
      said: "x",
    });
    await trail.add({ at: NOON, service: "github", by: "schedule", outcome: "refused", said: "x" });
    expect(chat.emitted).to.deep.equal([
      { type: "chat-ops acted", service: "github", action: "rotate", by: "anna", outcome: "begun" },
      { type: "chat-ops acted", service: "github", by: "the schedule", outcome: "refused" },
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
