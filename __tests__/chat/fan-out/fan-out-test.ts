import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY, LOBBY_SHARD as lobby } from "../../../chat/channel.ts";
import type { Recipient } from "../../../chat/connection.ts";
import { runFanOutTask } from "../../../chat/fan-out/fan-out.ts";
import type { FanOutTask, Task } from "../../../chat/fan-out/tasks.ts";
import type { Page } from "../../../chat/ports.ts";
import { aConnection, NOON } from "../../support/builders.ts";
import { aChat, type Chat, enterMany, failing, LOBBY_FRAME as frame, gone, sendToLobby } from "../../support/chat.ts";

/** A recipient in a task. */
const recipientOf = ({ id, connectedAt, protocol }: Recipient) => ({ id, connectedAt, protocol });

describe("chat/fan-out/fan-out", () => {
  it("delivers the frame to every member once, page by page, and counts the pushes", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 1200);

    expect(await sendToLobby(chat)).to.deep.equal({
      delivered: 1200,
      gone: 0,
      throttled: 0,
      retried: 0,
      handedOver: 0,
      closed: 0,
      failed: 0,
      faults: [],
    });

    for (const member of audience) expect(chat.received(member)).to.deep.equal(["hi"]);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("delivers nothing to another channel", async () => {
    const chat = aChat();
    const elsewhere = await chat.enter({ memberships: [{ channel: "ops", shard: 0 }] });
    await sendToLobby(chat);
    expect(chat.received(elsewhere)).to.deep.equal([]);
  });

  it("removes connections that are gone from all channels, and notifies the others", async () => {
    const chat = aChat();
    const [listener, goneMember] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    chat.setPushOutcome(goneMember, gone);

    expect(await sendToLobby(chat)).to.deep.include({ delivered: 1, gone: 1, failed: 0 });

    expect(chat.size()).to.equal(2);
    expect(chat.received(listener)).to.deep.equal([frame, { type: "left", channel: LOBBY, user: goneMember.user }]);
  });

  it("removes a gone member whose connection is no longer stored", async () => {
    const chat = aChat();
    const orphan = await chat.enter();
    chat.setPushOutcome(orphan, gone);
    await chat.connections.remove(orphan.id);
    await sendToLobby(chat);
    expect(chat.size()).to.equal(0);
  });

  it("removes a gone member whose connection does not list the membership yet", async () => {
    const chat = aChat();
    const joining = await chat.enter({ memberships: [] });
    await chat.members.add(lobby, joining);
    chat.setPushOutcome(joining, gone);
    await sendToLobby(chat);
    expect(chat.size()).to.equal(0);
  });

  it("keeps a connection for which a push returns 410 because its handshake is still pending", async () => {
    const chat = aChat();
    chat.setPushOutcome(await chat.enter({ connectedAt: NOON - 1000 }), gone);
    expect((await sendToLobby(chat)).gone).to.equal(1);
    expect(chat.size()).to.equal(2);
  });

  it("keeps a connection for which a push returned 410 while its handshake was pending, and which is open by now", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    chat.setPushOutcome(await chat.enter({ connectedAt: NOON - 29_000 }), async () => {
      now += 5000;
      return "gone";
    });
    await sendToLobby(chat);
    expect(chat.size()).to.equal(2);
  });

  it("continues if a gone connection cannot be removed, and names the fault", async () => {
    const chat = aChat();
    chat.setPushOutcome(await chat.enter(), gone);
    await chat.enter();
    const remove = (): Promise<never> => Promise.reject("the table is unavailable");
    const tally = await sendToLobby({ ...chat, members: { ...chat.members, remove } });
    expect(tally).to.deep.include({ delivered: 1, gone: 1, faults: ["the table is unavailable"] });
  });

  it("hands over every recipient that the first push does not reach, without a retry", async () => {
    const chat = aChat();
    const [, unreachable] = [await enterMany(chat, 50), await enterMany(chat, 3)];
    for (const member of unreachable) chat.setPushOutcome(member, failing);
    const pause = () => Promise.reject(new Error("The sender waited."));

    expect(await sendToLobby({ ...chat, pause })).to.deep.equal({
      delivered: 50,
      gone: 0,
      throttled: 0,
      retried: 0,
      handedOver: 3,
      closed: 0,
      failed: 0,
      faults: ["500"],
    });

    expect(chat.tasks).to.deep.equal([
      { frame, shard: lobby, shards: 1, recipients: unreachable.map(recipientOf), hops: 1 },
    ]);
  });

  it("retries by itself if the worker cannot be invoked", async () => {
    const chat = aChat();
    const [, slow] = [await enterMany(chat, 5), await chat.enter()];
    let pushes = 0;
    chat.setPushOutcome(slow, async () => (pushes++ === 0 ? "throttled" : "delivered"));
    const handOver = () => Promise.reject(new Error("Lambda is unavailable"));
    expect(await sendToLobby({ ...chat, handOver })).to.deep.include({ delivered: 6, retried: 1, handedOver: 0 });
  });

  it("fails if the worker cannot be invoked and no retry reaches the recipients, so that the client repeats", async () => {
    const chat = aChat();
    chat.setPushOutcome(await chat.enter(), failing);
    const handOver = () => Promise.reject(new Error("Lambda is unavailable"));
    expect(await rejection(sendToLobby({ ...chat, handOver }))).to.equal("Lambda is unavailable");
  });

  it("hands over at most as many recipients as fit into an event", async () => {
    const chat = aChat();
    for (const member of await enterMany(chat, 700)) chat.setPushOutcome(member, failing);
    await sendToLobby(chat);
    expect(chat.tasks.map(({ recipients = [] }) => recipients.length)).to.deep.equal([500, 200]);
  });

  it("stops before the deadline, and hands over the rest of the members", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    await enterMany(chat, 1700);
    const pages = async function* (): AsyncGenerator<Page> {
      for await (const page of chat.members.pages(lobby, { limit: 500 })) {
        yield page;
        now += 4_000;
      }
    };
    const tally = await sendToLobby({ ...chat, members: { ...chat.members, pages } }, NOON + 21_000);

    expect(tally.delivered).to.equal(1000);
    const [task] = chat.tasks;
    expect(task?.after).to.be.a("string");
    expect(chat.tasks).to.deep.equal([{ frame, shard: lobby, shards: 1, after: task?.after, hops: 1 }]);
  });

  it("retries only the page that failed", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 700);
    let failures = 2;
    const pages: Chat["members"]["pages"] = async function* (shard, from) {
      for await (const page of chat.members.pages(shard, from)) {
        yield page;
        failures -= 1;
        if (failures >= 0) throw new Error("the table is unavailable");
      }
    };
    expect((await sendToLobby({ ...chat, members: { ...chat.members, pages } })).delivered).to.equal(700);
    for (const member of audience) expect(chat.received(member)).to.have.length(1);
  });

  it("hands over the pages that cannot be read", async () => {
    const chat = aChat();
    const pages = (): AsyncIterable<Page> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("away")) }),
    });
    const tally = await sendToLobby({ ...chat, members: { ...chat.members, pages } });
    expect(tally).to.deep.include({ delivered: 0, faults: ["Error"] });
    expect(chat.tasks).to.deep.equal([{ frame, shard: lobby, shards: 1, after: undefined, hops: 1 }]);
  });

  it("holds at most two pages in memory", async () => {
    const chat = aChat();
    let [read, done] = [0, 0];
    const pages = async function* (): AsyncGenerator<Page> {
      for (let page = 0; page < 10; page += 1) {
        read += 500;
        expect(read - done).to.be.at.most(1000);
        yield { members: Array.from({ length: 500 }, () => aConnection()), next: page < 9 ? "more" : undefined };
      }
    };
    const push = async () => {
      done += 1;
      return "delivered" as const;
    };
    const handOver = async (task: Task) => {
      done += (task as FanOutTask).recipients?.length ?? 0;
    };
    await sendToLobby({ ...chat, push, handOver, members: { ...chat.members, pages } });
    expect(done).to.equal(5000);
  });

  it("pushes to the first 2,000 members of a shard, and hands over the others page by page", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 3200);

    expect(await sendToLobby(chat)).to.deep.include({ delivered: 2000, failed: 0, faults: [] });

    expect(chat.tasks.map(({ recipients = [] }) => recipients.length)).to.deep.equal([500, 500, 200]);
    for (const task of chat.tasks) await runFanOutTask(chat, task, { deadline: Number.POSITIVE_INFINITY });
    for (const member of audience) expect(chat.received(member)).to.have.length(1);
    expect(await chat.channels.shardsOf(LOBBY)).to.equal(4);
  });

  it("delivers to more than 2,000 members by itself if the worker cannot be invoked", async () => {
    const chat = aChat();
    await enterMany(chat, 2600);
    const handOver = () => Promise.reject(new Error("Lambda is unavailable"));
    expect(await sendToLobby({ ...chat, handOver })).to.deep.include({ delivered: 2600, failed: 0, faults: ["Error"] });
  });
});
