import { expect } from "chai";
import sinon from "sinon";
import { sendMessage } from "../../handlers/send-message.ts";
import { aConnection, NOON } from "../support/builders.ts";
import { memoryStore } from "../support/memory.ts";

describe("handlers/send-message", () => {
  it("says the bare data to everybody in the lobby, the sender too, and gives the tally", async () => {
    const store = memoryStore(() => NOON);
    const [sender, other] = [aConnection(), aConnection()];
    await store.members.add({ channel: "lobby", shard: 0 }, sender);
    await store.members.add({ channel: "lobby", shard: 0 }, other);
    const push = sinon.stub().resolves("delivered");

    const outcome = await sendMessage(
      { ...store, push, now: () => NOON },
      { connection: sender, frame: { data: "hello world" } },
    );

    expect(push.args).to.have.deep.members([
      [sender.id, "hello world"],
      [other.id, "hello world"],
    ]);
    expect(outcome.facts).to.deep.equal({ tally: { delivered: 2, gone: 0, failed: 0, faults: [] } });
  });
});
