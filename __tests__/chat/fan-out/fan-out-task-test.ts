import { expect } from "chai";
import { LOBBY_SHARD as lobby } from "../../../chat/channel.ts";
import { runFanOutTask, Undelivered } from "../../../chat/fan-out/fan-out.ts";
import { messageFrame } from "../../../chat/message.ts";
import type { PushOutcome } from "../../../chat/ports.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { aChat, type Chat, gone } from "../../support/chat.ts";

const frame = messageFrame(aMessage({ data: "hi" }));
const forever = { deadline: Number.POSITIVE_INFINITY };
const failing = async (): Promise<PushOutcome> => ({ failed: "500" });

const taskFor = async (chat: Chat, count: number) => {
  const recipients = await Promise.all(Array.from({ length: count }, () => chat.enter()));
  return { frame, shard: lobby, shards: 1, recipients };
};

describe("chat/fan-out/fan-out, tasks of the worker", () => {
  it("delivers only to the recipients of a task", async () => {
    const chat = aChat();
    const other = await chat.enter();
    const task = await taskFor(chat, 3);
    expect((await runFanOutTask(chat, task, forever)).delivered).to.equal(3);
    expect(chat.received(other)).to.deep.equal([]);
  });

  it("starts after the given connection", async () => {
    const chat = aChat();
    const [first, second] = [await chat.enter({ id: "A" }), await chat.enter({ id: "B" })];
    await runFanOutTask(chat, { frame, shard: lobby, shards: 1, after: "A" }, forever);
    expect([chat.received(first), chat.received(second)]).to.deep.equal([[], ["hi"]]);
  });

  it("hands over the remaining recipients if there are fewer", async () => {
    const chat = aChat();
    const task = await taskFor(chat, 3);
    const [unreachable] = task.recipients;
    chat.setPushOutcome(unreachable as { id: string }, failing);
    expect(await runFanOutTask(chat, task, forever)).to.deep.include({ delivered: 2, failed: 1 });
    expect(chat.tasks.map(({ recipients }) => recipients?.map(({ id }) => id))).to.deep.equal([[unreachable?.id]]);
  });

  it("counts gone recipients as progress, and removes them", async () => {
    const chat = aChat();
    const task = await taskFor(chat, 2);
    const [goneMember, unreachable] = task.recipients;
    chat.setPushOutcome(goneMember as { id: string }, gone);
    chat.setPushOutcome(unreachable as { id: string }, failing);
    await runFanOutTask(chat, task, forever);
    expect(chat.tasks).to.have.length(1);
    expect(await chat.connections.get(goneMember?.id ?? "")).to.equal(undefined);
  });

  it("throws if no recipient is reached, and hands nothing over: Lambda retries the task", async () => {
    const chat = aChat();
    const task = await taskFor(chat, 3);
    for (const recipient of task.recipients) chat.setPushOutcome(recipient, failing);
    const fault = await runFanOutTask(chat, task, forever).catch((fault) => fault);
    expect(fault).to.be.instanceOf(Undelivered);
    expect(fault.message).to.equal("None of 3 recipients could be reached: 500");
    expect(chat.tasks).to.deep.equal([]);
  });

  it("throws if the whole account is throttled, and closes nothing", async () => {
    const chat = aChat();
    const task = await taskFor(chat, 1);
    chat.setPushOutcome(task.recipients[0] as { id: string }, async () => "throttled");
    const probe = async () => ({ failed: "Throttled" });
    const fault = await runFanOutTask({ ...chat, probe }, task, forever).catch((fault) => fault);
    expect(fault.message).to.equal("None of 1 recipients could be reached: Throttled");
    expect(chat.closed).to.deep.equal([]);
  });

  it("closes a single throttled connection after less than a second, and notifies its channels", async () => {
    let waited = 0;
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1" });
    const task = await taskFor(chat, 2);
    const [stalled] = task.recipients;
    chat.setPushOutcome(stalled as { id: string }, async () => "throttled");
    const pause = async (milliseconds: number) => {
      waited += milliseconds;
    };
    const tally = await runFanOutTask({ ...chat, pause, random: () => 0.999 }, task, forever);
    expect(tally).to.deep.include({ delivered: 1, throttled: 4, retried: 3, closed: 1, failed: 0 });
    expect(waited).to.be.below(1_000);
    expect(chat.closed).to.deep.equal([stalled?.id]);
    expect(await chat.connections.get(stalled?.id ?? "")).to.equal(undefined);
    expect(chat.received(listener)).to.deep.equal([{ type: "left", channel: "lobby", user: stalled?.user }]);
    expect(chat.counted()).to.include({ StalledConnectionsClosed: 1 }).and.not.to.have.property("PushesFailed");
    expect(chat.tasks).to.deep.equal([]);
  });

  it("hands over a throttled connection that cannot be closed", async () => {
    const chat = aChat();
    const task = await taskFor(chat, 2);
    chat.setPushOutcome(task.recipients[0] as { id: string }, async () => "throttled");
    const close = async (): Promise<PushOutcome> => ({ failed: "503" });
    expect(await runFanOutTask({ ...chat, close }, task, forever)).to.deep.include({
      delivered: 1,
      closed: 0,
      failed: 1,
    });
    expect(chat.tasks).to.have.length(1);
  });

  it("throws if no page of a shard can be read", async () => {
    const chat = aChat();
    const pages = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("away")) }) });
    const task = { frame, shard: lobby, shards: 1 };
    const fault = await runFanOutTask({ ...chat, members: { ...chat.members, pages } }, task, forever).catch(
      (fault) => fault,
    );
    expect(fault).to.be.instanceOf(Undelivered);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("throws if there is no time for any push", async () => {
    const chat = aChat();
    const fault = await runFanOutTask(chat, await taskFor(chat, 2), { deadline: NOON }).catch((fault) => fault);
    expect(fault.message).to.equal("None of 2 recipients could be reached: DeadlineReached");
  });
});
