import { expect } from "chai";
import { fanOut, runFanOutTask } from "../../../chat/fan-out/fan-out.ts";
import type { FanOutTask, HandOver } from "../../../chat/fan-out/tasks.ts";
import { messageFrame } from "../../../chat/message.ts";
import type { Page } from "../../../chat/ports.ts";
import { announce } from "../../../chat/presence/presence.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { aChat, type Chat } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

const CHANNEL = "ops";
const frame = messageFrame(aMessage({ channel: CHANNEL, data: "hi" }));
const deadline = Number.POSITIVE_INFINITY;

/** A channel with this many members in each shard. */
const aChannel = (...sizes: number[]): Promise<Chat> => fill(aChat(), sizes);

async function fill(chat: Chat, sizes: readonly number[]): Promise<Chat> {
  await chat.channels.open(CHANNEL);
  await chat.channels.grow(CHANNEL, sizes.length);
  const enter = (size: number, shard: number) =>
    Array.from({ length: size }, () =>
      chat.enter({ connectedAt: chat.now(), memberships: [{ channel: CHANNEL, shard }] }),
    );
  await Promise.all(sizes.flatMap(enter));
  return chat;
}

const grownTo = (shards: number) => ({ shards, newcomers: shards, isEnding: false });

const shardsOf = (chat: Chat) => chat.channels.shardsOf(CHANNEL);

describe("chat/fan-out, with shards", () => {
  it("delivers to the first shard, and hands over each other shard to a function of its own", async () => {
    const chat = await aChannel(3, 0, 5, 7);
    expect((await fanOut(chat, { channel: CHANNEL, frame, deadline })).delivered).to.equal(3);
    expect(chat.tasks).to.deep.equal(
      [1, 2, 3].map((shard) => ({ frame, shard: { channel: CHANNEL, shard }, shards: 4, growth: grownTo(4), hops: 1 })),
    );
    const tallies = await Promise.all(chat.tasks.splice(0).map((task) => runFanOutTask(chat, task, { deadline })));
    expect(tallies.map(({ delivered }) => delivered)).to.deep.equal([0, 5, 7]);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("hands them over, too, if another function is the first to read their number", async () => {
    const chat = await aChannel(3, 5);
    const away = (): AsyncIterable<Page> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("the table is unavailable")) }),
    });
    await fanOut({ ...chat, members: { ...chat.members, pages: away } }, { channel: CHANNEL, frame, deadline });
    const tallies: number[] = [];
    for (let task = chat.tasks.shift(); task; task = chat.tasks.shift()) {
      tallies.push((await runFanOutTask(chat, task, { deadline })).delivered);
    }
    expect(tallies).to.deep.equal([3, 5]);
  });

  it("are handed over once, even if there was no time for the first", async () => {
    const chat = await aChannel(3, 5);
    await fanOut(chat, { channel: CHANNEL, frame, deadline: NOON });
    const [other, first] = chat.tasks.splice(0);
    expect(other).to.deep.equal({
      frame,
      shard: { channel: CHANNEL, shard: 1 },
      shards: 2,
      growth: grownTo(2),
      hops: 1,
    });
    expect((await runFanOutTask(chat, first as FanOutTask, { deadline })).delivered).to.equal(3);
    expect(chat.tasks).to.deep.equal([]);
  });

  it("delivers nothing if the other shards cannot be handed over, so that the client can repeat the frame", async () => {
    const chat = await aChannel(3, 5);
    const handOver = () => Promise.reject(new Error("Lambda is unavailable"));
    const outcome = fanOut({ ...chat, handOver }, { channel: CHANNEL, frame, deadline });
    expect(await outcome.catch(({ message }) => message)).to.equal("Lambda is unavailable");
  });

  it("hands over each shard that Lambda accepts, even if it rejects another", async () => {
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

  it("grows a channel whose only shard holds more than a thousand", async () => {
    const [full, small] = [await aChannel(1001), await aChannel(1000)];
    for (const chat of [full, small]) await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect([await shardsOf(full), await shardsOf(small)]).to.deep.equal([2, 1]);
  });

  it("grows a channel to the shards that it needs with one message", async () => {
    const chat = await aChannel(6000);
    await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect(await shardsOf(chat)).to.equal(8);
  });

  it("grows a channel by the members of its newest shards: newcomers go there, and older ones only become empty", async () => {
    const chat = await aChannel(1001, 900);
    await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect(await shardsOf(chat)).to.equal(2);
    const crowded = await aChannel(0, 1001);
    await runFanOutTask(crowded, { frame, shard: { channel: CHANNEL, shard: 1 }, shards: 2 }, { deadline });
    expect(await shardsOf(crowded)).to.equal(4);
  });

  it("does not count a shard that it has read in part", async () => {
    const chat = await aChannel(1300);
    const task = { frame, shard: { channel: CHANNEL, shard: 0 }, shards: 1, after: "B" };
    await runFanOutTask(chat, task, { deadline });
    expect(await shardsOf(chat)).to.equal(1);
  });
});

describe("chat/fan-out, with shards that are no longer needed", () => {
  const MINUTE = 60_000;
  let now: number;
  beforeEach(() => {
    now = NOON;
  });

  /** Sends a message, and runs everything that is handed over. Returns the number of pushes. */
  async function send(chat: Chat): Promise<number> {
    let delivered = (await fanOut(chat, { channel: CHANNEL, frame, deadline })).delivered;
    for (let task = chat.tasks.shift(); task; task = chat.tasks.shift()) {
      delivered += (await runFanOutTask(chat, task, { deadline })).delivered;
    }
    return delivered;
  }

  /** The number of shards for newcomers, each minute, in a channel with a message each minute. */
  async function newcomersEachMinute(chat: Chat, minutes: number): Promise<number[]> {
    const all: number[] = [];
    for (let minute = 0; minute < minutes; minute += 1) {
      await send(chat);
      all.push(await chat.channels.open(CHANNEL));
      now += MINUTE;
    }
    return all;
  }

  it("keeps a growth for as long as a shard of it is half full", async () => {
    const chat = await fill(aChat({ now: () => now }), [0, 0, 501, 20]);
    expect(new Set(await newcomersEachMinute(chat, 60))).to.deep.equal(new Set([4]));
  });

  it("sends newcomers to the first shard again when the crowd has left, and reads the others for two hours", async () => {
    const chat = await fill(aChat({ now: () => now }), [0, 0, 500, 20]);
    expect(await newcomersEachMinute(chat, 7)).to.deep.equal([4, 4, 4, 4, 4, 1, 1]);
    now = NOON + 124 * MINUTE;
    expect(await send(chat)).to.equal(520);
    expect(await shardsOf(chat)).to.equal(4);
    now = NOON + 130 * MINUTE;
    expect(await shardsOf(chat)).to.equal(1);
  });

  it("stores a growth again when a message shows that it is needed after a silence", async () => {
    const chat = await fill(aChat({ now: () => now }), [0, 0, 501, 501]);
    now += 100 * MINUTE;
    expect(await chat.channels.open(CHANNEL)).to.equal(1);
    await send(chat);
    expect(await chat.channels.open(CHANNEL)).to.equal(4);
  });

  it("renews a growth at most once in 150 seconds", async () => {
    let writes = 0;
    const chat = await fill(aChat({ now: () => now }), [0, 700]);
    const counting = (channel: string, shards: number): Promise<void> => {
      writes += 1;
      return chat.channels.grow(channel, shards);
    };
    const counted: Chat = { ...chat, channels: { ...chat.channels, grow: counting } };
    for (let second = 0; second < 1500; second += 10) {
      await send(counted);
      now += 10_000;
    }
    expect(writes).to.be.within(8, 10);
  });

  it("restores presence within the lifetime of a connection after the crowd has left", async () => {
    const chat = await fill(aChat({ now: () => now }), [1001]);
    await send(chat);
    for (const { id } of await allMembers(chat.members, { channel: CHANNEL, shard: 0 })) {
      await chat.members.remove({ channel: CHANNEL, shard: 0 }, id);
    }
    now += 130 * MINUTE;
    const own = { memberships: [{ channel: CHANNEL, shard: 0 }], connectedAt: now };
    const [anna, ben] = [await chat.enter({ ...own, protocol: "chat.v1" }), await chat.enter({ ...own, user: "ben" })];
    await announce(chat, { channel: CHANNEL, frame: { type: "joined", channel: CHANNEL, user: "ben" }, about: ben });
    expect(chat.received(anna)).to.deep.equal([{ type: "joined", channel: CHANNEL, user: "ben" }]);
  });
});

describe("chat/fan-out, if the number of shards is lost", () => {
  /** A channel whose members are in four shards, while its item has no growth. */
  async function aChannelWithLostGrowth(): Promise<Chat> {
    const chat = aChat();
    await chat.channels.open(CHANNEL);
    for (const shard of [0, 1, 3, 3]) await chat.enter({ memberships: [{ channel: CHANNEL, shard }] });
    return chat;
  }

  async function drain(chat: Chat): Promise<number> {
    let delivered = 0;
    for (let task = chat.tasks.shift(); task; task = chat.tasks.shift()) {
      delivered += (await runFanOutTask(chat, task, { deadline })).delivered;
    }
    return delivered;
  }

  it("delivers to all shards up to the sender's, and stores their number again", async () => {
    const chat = await aChannelWithLostGrowth();
    const { delivered } = await fanOut(chat, { channel: CHANNEL, frame, deadline, senderShard: 3 });
    expect(delivered + (await drain(chat))).to.equal(4);
    expect(await shardsOf(chat)).to.equal(4);
    const next = await fanOut(chat, { channel: CHANNEL, frame, deadline });
    expect(next.delivered + (await drain(chat))).to.equal(4);
  });

  it("delivers to them even if the number cannot be stored", async () => {
    const chat = await aChannelWithLostGrowth();
    const grow = () => Promise.reject(new Error("the table is unavailable"));
    const broken = { ...chat, channels: { ...chat.channels, grow } };
    const { delivered, faults } = await fanOut(broken, { channel: CHANNEL, frame, deadline, senderShard: 3 });
    expect(delivered + (await drain(chat))).to.equal(4);
    expect(faults).to.deep.equal(["Error"]);
  });

  it("writes nothing if the number is not lost", async () => {
    const chat = await aChannel(1, 1, 1, 1);
    const grow = () => Promise.reject(new Error("there was a write"));
    const broken = { ...chat, channels: { ...chat.channels, grow } };
    const { faults } = await fanOut(broken, { channel: CHANNEL, frame, deadline, senderShard: 3 });
    expect(faults).to.deep.equal([]);
  });
});
