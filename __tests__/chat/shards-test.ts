import { expect } from "chai";
import { isNewest, shardForNewcomer } from "../../chat/channel.ts";
import { fanOut, resume } from "../../chat/fan-out.ts";
import { messageFrame } from "../../chat/message.ts";
import type { HandOver, Page } from "../../chat/ports.ts";
import type { FanOutTask } from "../../chat/tasks.ts";
import { aMessage, NOON } from "../support/builders.ts";
import { aChat, type Chat } from "../support/chat.ts";

const CHANNEL = "ops";
const frame = messageFrame(aMessage({ channel: CHANNEL, data: "hi" }));
const deadline = Number.POSITIVE_INFINITY;

/** A channel with so many members in each shard. */
async function aChannel(...sizes: number[]): Promise<Chat> {
  const chat = aChat();
  await chat.channels.open(CHANNEL);
  for (let shards = 1; shards < sizes.length; shards *= 2) await chat.channels.grow(CHANNEL, shards);
  const enter = (size: number, shard: number) =>
    Array.from({ length: size }, () => chat.enter({ memberships: [{ channel: CHANNEL, shard }] }));
  await Promise.all(sizes.flatMap(enter));
  return chat;
}

const shardsOf = (chat: Chat) => chat.channels.shardsOf(CHANNEL);

describe("chat/fan-out, with shards", () => {
  it("delivers the first shard, and leaves each other one to a function of its own", async () => {
    const chat = await aChannel(3, 0, 5, 7);
    expect((await fanOut(chat, { channel: CHANNEL, frame, deadline })).delivered).to.equal(3);
    expect(chat.tasks).to.deep.equal(
      [1, 2, 3].map((shard) => ({ frame, shard: { channel: CHANNEL, shard }, shards: 4, hops: 1 })),
    );
    const tallies = await Promise.all(chat.tasks.splice(0).map((task) => resume(chat, task, { deadline })));
    expect(tallies.map(({ delivered }) => delivered)).to.deep.equal([0, 5, 7]);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("leaves them to others, too, when it is another function that first reads how many they are", async () => {
    const chat = await aChannel(3, 5);
    const away = (): AsyncIterable<Page> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("the table is away")) }),
    });
    await fanOut({ ...chat, members: { ...chat.members, pages: away } }, { channel: CHANNEL, frame, deadline });
    const tallies: number[] = [];
    for (let task = chat.tasks.shift(); task; task = chat.tasks.shift()) {
      tallies.push((await resume(chat, task, { deadline })).delivered);
    }
    expect(tallies).to.deep.equal([3, 5]);
  });

  it("are left to others once, although there was no time for the first", async () => {
    const chat = await aChannel(3, 5);
    await fanOut(chat, { channel: CHANNEL, frame, deadline: NOON });
    const [other, first] = chat.tasks.splice(0);
    expect(other).to.deep.equal({ frame, shard: { channel: CHANNEL, shard: 1 }, shards: 2, hops: 1 });
    expect((await resume(chat, first as FanOutTask, { deadline })).delivered).to.equal(3);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("says nothing, and so lets the client say it again, where the other shards cannot be left to anybody", async () => {
    const chat = await aChannel(3, 5);
    const handOver = () => Promise.reject(new Error("Lambda is away"));
    const outcome = fanOut({ ...chat, handOver }, { channel: CHANNEL, frame, deadline });
    expect(await outcome.catch(({ message }) => message)).to.equal("Lambda is away");
  });

  it("leaves each shard to a function that takes it, although another is not taken", async () => {
    const chat = await aChannel(0, 1, 1, 1);
    const handOver: HandOver = async (task) => {
      if ("shard" in task && task.shard.shard === 1) throw new Error("Lambda did not take it");
      // Lambda answers when the fault has come out.
      await new Promise(setImmediate);
      await chat.handOver(task);
    };
    const outcome = fanOut({ ...chat, handOver }, { channel: CHANNEL, frame, deadline });
    expect(await outcome.catch(({ message }) => message)).to.equal("Lambda did not take it");
    expect(chat.tasks.map(({ shard }) => shard.shard)).to.deep.equal([2, 3]);
  });

  it("doubles the shards of a channel whose only one holds more than a thousand", async () => {
    const [full, small] = [await aChannel(1001), await aChannel(1000)];
    for (const chat of [full, small]) await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect([await shardsOf(full), await shardsOf(small)]).to.deep.equal([2, 1]);
  });

  it("doubles them again for the newest shards alone: newcomers go there, and old ones only empty", async () => {
    const chat = await aChannel(1001, 900);
    await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect(await shardsOf(chat)).to.equal(2);
    const crowded = await aChannel(0, 1001);
    await resume(crowded, { frame, shard: { channel: CHANNEL, shard: 1 }, shards: 2 }, { deadline });
    expect(await shardsOf(crowded)).to.equal(4);
  });

  it("does not count a shard that it has read in part", async () => {
    const chat = await aChannel(1300);
    const task = { frame, shard: { channel: CHANNEL, shard: 0 }, shards: 1, after: "B" };
    await resume(chat, task, { deadline });
    expect(await shardsOf(chat)).to.equal(1);
  });
});

describe("chat/channel", () => {
  it("sends newcomers to the shards that the last growth added", () => {
    expect([0, 0.99].map((random) => shardForNewcomer(1, random))).to.deep.equal([0, 0]);
    expect([0, 0.99].map((random) => shardForNewcomer(2, random))).to.deep.equal([1, 1]);
    expect([0, 0.49, 0.5, 0.99].map((random) => shardForNewcomer(4, random))).to.deep.equal([2, 2, 3, 3]);
  });

  it("takes for newest exactly those where newcomers go", () => {
    for (const shards of [1, 2, 4, 8]) {
      const newest = Array.from({ length: shards }, (_, shard) => shard).filter((shard) => isNewest(shard, shards));
      const reached = Array.from({ length: 100 }, (_, index) => shardForNewcomer(shards, index / 100));
      expect(newest).to.deep.equal([...new Set(reached)]);
    }
  });
});
