import { expect } from "chai";
import { LOBBY_SHARD as shard } from "../../chat/channel.ts";
import { messageFrame } from "../../chat/message.ts";
import { SendMessage } from "../../chat/protocol/send-message-frame.ts";
import { runTask } from "../../chat/use-cases/run-task.ts";
import { sendMessage } from "../../chat/use-cases/send-message.ts";
import { pushReplyLambda } from "../../handlers/runtime/frame-lambda.ts";
import { aConnection, aContext, aMessage, anEvent } from "../support/builders.ts";
import { captureLogs } from "../support/captured-logs.ts";
import { aChat } from "../support/chat.ts";

describe("handlers/fan-out", () => {
  captureLogs();

  it("delivers a fan-out task, and returns the shard for the log", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const task = { frame: messageFrame(aMessage({ data: "hi" })), shard, shards: 1 };
    expect(await runTask(chat, { task, deadline: Number.POSITIVE_INFINITY })).to.deep.equal({
      channel: "lobby",
      shard: 0,
      tally: { delivered: 1, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0, faults: [] },
    });
    expect(chat.received(anna)).to.deep.equal(["hi"]);
  });

  it("runs a task with departures", async () => {
    const chat = aChat();
    const [listener, anna] = [await chat.enter({ protocol: "chat.v1" }), aConnection({ user: "anna" })];
    const task = { kind: "departures", departures: [{ channel: "lobby", departed: [anna] }] };
    expect(await runTask(chat, { task, deadline: Number.POSITIVE_INFINITY })).to.deep.equal({ departures: 1 });
    expect(chat.received(listener)).to.deep.equal([{ type: "left", channel: "lobby", user: "anna" }]);
  });

  it("retries a client that does not read only after the acknowledgement, and finally closes its connection", async () => {
    const chat = aChat();
    const steps: string[] = [];
    const [sender, stalled] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    for (let others = 0; others < 198; others += 1) await chat.enter();
    chat.setPushOutcome(stalled, async () => "throttled");
    const ports = {
      ...chat,
      push: async (id: string, text: string) => {
        if (id === stalled.id) steps.push("push to the stalled client");
        if (text.includes('"ack"')) steps.push("acknowledgement");
        return chat.push(id, text);
      },
      pause: async () => void steps.push("pause"),
    };
    const { id: connectionId, connectedAt } = sender;
    const body = JSON.stringify({ message: "sendmessage", data: "hi", id: "c-1" });
    await pushReplyLambda(SendMessage, sendMessage, ports)(anEvent({ connectionId, connectedAt, body }), aContext());
    expect(steps.splice(0)).to.deep.equal(["push to the stalled client", "acknowledgement"]);

    const [task, ...others] = chat.tasks;
    expect(others).to.deep.equal([]);
    expect(task?.recipients?.map(({ id }) => id)).to.deep.equal([stalled.id]);
    const outcome = await runTask(ports, { task, deadline: Number.POSITIVE_INFINITY });
    expect(outcome).to.have.property("tally").that.includes({ delivered: 0, retried: 3, closed: 1, failed: 0 });
    expect(steps.filter((step) => step === "pause")).to.have.length(3);
    expect(chat.closed).to.deep.equal([stalled.id]);
    expect(await chat.connections.get(stalled.id)).to.equal(undefined);
    expect(chat.tasks).to.have.length(1);
  });
});
