import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { CHANNELS_PER_CONNECTION_MAX } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { HOPS_MAX } from "../../../chat/fan-out/tasks.ts";
import type { Members } from "../../../chat/ports.ts";
import { announceAllDepartures, runDepartureTask } from "../../../chat/presence/departures.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat } from "../../support/chat.ts";

const memberships = Array.from({ length: CHANNELS_PER_CONNECTION_MAX }, (_, index) => ({
  channel: `channel-${index}`,
  shard: 0,
}));
const everyChannel = memberships.map(({ channel }) => channel);

/** Runs the farewell of a gone member of 50 channels. Each channel has one other member, and each push takes a while. */
async function aDeath(pushMilliseconds: number) {
  let now = NOON;
  const chat = aChat({ now: () => now });
  const listener = await chat.enter({ protocol: "chat.v1", memberships });
  const dead = await chat.enter({ user: "anna", memberships });
  for (const shard of memberships) await chat.members.remove(shard, dead.id);
  chat.setPushOutcome(listener, async () => {
    now += pushMilliseconds;
    return "delivered";
  });
  return { chat, dead, channels: () => channelsIn(chat, listener), elapsed: () => now - NOON };
}

const channelsIn = (chat: Chat, listener: Connected): string[] =>
  (chat.received(listener) as { type: string; channel: string }[]).map(({ type, channel }) => `${type} ${channel}`);

const unreadable = (chat: Chat, broken: string): Members => ({
  ...chat.members,
  pages: (shard, from) => {
    if (shard.channel === broken) throw new Error("The table is away.");
    return chat.members.pages(shard, from);
  },
});

describe("chat/presence/departure", () => {
  it("notifies all channels of a member of 50, and leaves nothing to the worker if there is time", async () => {
    const { chat, dead, channels } = await aDeath(10);
    expect(await announceAllDepartures(chat, [dead])).to.deep.equal({});
    expect(channels()).to.have.members(everyChannel.map((channel) => `left ${channel}`));
    expect(chat.departureTasks).to.deep.equal([]);
  });

  it("leaves channels to the worker if there is no time, so that all 50 are notified", async () => {
    const { chat, dead, channels, elapsed } = await aDeath(300);
    const { departuresHandedOver } = await announceAllDepartures(chat, [dead]);
    expect(departuresHandedOver).to.equal(CHANNELS_PER_CONNECTION_MAX - 6);
    expect(elapsed()).to.be.at.most(2_300);
    const [task, ...others] = chat.departureTasks.splice(0);
    expect(others).to.deep.equal([]);
    if (task) expect(await runDepartureTask(chat, task, { deadline: NOON + 60_000 })).to.deep.equal({});
    expect(new Set(channels())).to.deep.equal(new Set(everyChannel.map((channel) => `left ${channel}`)));
    expect(chat.departureTasks).to.deep.equal([]);
  });

  it("hands over what the worker has no time for, and counts the hops", async () => {
    const { chat, dead, channels } = await aDeath(1_500);
    await announceAllDepartures(chat, [dead]);
    for (let task = chat.departureTasks.shift(); task; task = chat.departureTasks.shift()) {
      expect(task.hops).to.be.at.most(HOPS_MAX);
      await runDepartureTask(chat, task, { deadline: chat.now() + 60_000 });
    }
    expect(new Set(channels()).size).to.equal(CHANNELS_PER_CONNECTION_MAX);
  });

  it("leaves a channel whose members cannot be read, and those after it, to the worker, and names the fault", async () => {
    const { chat, dead } = await aDeath(10);
    const broken = { ...chat, members: unreadable(chat, "channel-3") };
    const facts = await announceAllDepartures(broken, [dead]);
    expect(facts).to.deep.equal({ departuresHandedOver: 47, departureFault: "Error: The table is away." });
  });

  it("makes Lambda retry the task if the worker cannot read the first audience", async () => {
    const { chat } = await aDeath(10);
    const broken = { ...chat, members: unreadable(chat, "channel-0") };
    const task = {
      kind: "departures",
      departures: [{ channel: "channel-0", departed: [await chat.enter()] }],
    } as const;
    const outcome = rejection(runDepartureTask(broken, task, { deadline: NOON + 60_000 }));
    expect(await outcome).to.equal("The table is away.");
    expect(chat.departureTasks).to.deep.equal([]);
  });
});
