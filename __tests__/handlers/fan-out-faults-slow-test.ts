import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { channels } from "../../aws/table/channels.ts";
import { connections } from "../../aws/table/connections.ts";
import { members } from "../../aws/table/members.ts";
import { LOBBY, LOBBY_SHARD, type Shard } from "../../chat/channel.ts";
import { aConnection } from "../support/builders.ts";
import { OPS } from "../support/chat.ts";
import { connectMany } from "../support/crowd.ts";
import { allMembers } from "../support/memory.ts";
import { type ProxiedChat, startProxiedChat } from "../support/proxied-chat.ts";

/** Of an audience of 200, a tenth is gone, a twentieth is slow, and a hundredth is unreachable. */
const CONNECTED = 180;
const GONE = 20;
const SLOW = 10;
const UNREACHABLE = 2;

const sorted = (ids: Iterable<string>): string[] => [...ids].sort();

describe("handlers/fan-out, under faults", () => {
  let chat: ProxiedChat;
  const crowd: Client[] = [];
  const received = new Map<Client, string[]>();
  beforeEach(async () => {
    chat = await startProxiedChat();
  });
  afterEach(() => chat.stop());

  async function enter(count: number): Promise<void> {
    crowd.splice(0, crowd.length, ...(await connectMany(chat.url, count)));
    received.clear();
    for (const client of crowd) {
      const frames: string[] = [];
      received.set(client, frames);
      client.socket.on("message", (data) => frames.push(String(data)));
    }
  }

  const send = (data: string) => crowd[0]?.send({ message: "sendmessage", data });

  /** The number of clients by how often they received the text. Closing a connection first delivers all its frames. */
  async function recipientsByCount(data: string): Promise<Record<number, number>> {
    await Promise.all(crowd.map((client) => client.close()));
    const times: Record<number, number> = {};
    for (const frames of received.values()) {
      const count = frames.filter((frame) => frame === data).length;
      times[count] = (times[count] ?? 0) + 1;
    }
    return times;
  }

  const idsIn = async (shard: Shard) => (await allMembers(members(chat.table, Date.now), shard)).map(({ id }) => id);

  it("reaches the others once, removes gone connections, and keeps unreachable recipients for an operator", async () => {
    await enter(CONNECTED);
    const there = await idsIn(LOBBY_SHARD);
    const [unreachable, slow] = [
      new Set(there.slice(0, UNREACHABLE)),
      new Set(there.slice(UNREACHABLE, UNREACHABLE + SLOW)),
    ];
    for (let count = 0; count < GONE; count += 1) {
      const goneConnection = aConnection({ connectedAt: Date.now() - 60_000 });
      await connections(chat.table, Date.now).add(goneConnection);
      await members(chat.table, Date.now).add(LOBBY_SHARD, goneConnection);
    }
    chat.proxy.fault = (id, before) => {
      if (unreachable.has(id)) return 500;
      return slow.has(id) && before < 2 ? 429 : undefined;
    };
    send("hi");
    await chat.until(() => chat.failedEvents().length > 0);

    const [event, ...others] = chat.failedEvents();
    expect(others).to.deep.equal([]);
    expect(event?.requestContext).to.include({ condition: "RetriesExhausted", approximateInvokeCount: 3 });
    expect(event?.responsePayload.errorMessage).to.equal(`None of ${UNREACHABLE} recipients could be reached: 500`);
    expect(sorted((event?.requestPayload.recipients ?? []).map(({ id }) => id))).to.deep.equal(sorted(unreachable));
    expect(chat.tallies["send-message"]).to.deep.equal([
      {
        delivered: CONNECTED - UNREACHABLE - SLOW,
        gone: GONE,
        throttled: SLOW,
        retried: 0,
        handedOver: SLOW + UNREACHABLE,
        closed: 0,
        failed: 0,
        faults: ["500"],
      },
    ]);
    expect(chat.tallies["fan-out"]).to.deep.equal([
      {
        delivered: SLOW,
        gone: 0,
        throttled: SLOW,
        // The first retry reaches the slow recipients, and five retries do not reach the unreachable ones.
        retried: SLOW + 5 * UNREACHABLE,
        handedOver: 0,
        closed: 0,
        failed: UNREACHABLE,
        faults: ["500"],
      },
    ]);
    expect(sorted(await idsIn(LOBBY_SHARD))).to.deep.equal(sorted(there));
    expect(await recipientsByCount("hi")).to.deep.equal({ 0: UNREACHABLE, 1: CONNECTED - UNREACHABLE });
    // One push by the sender, six by the worker, and six in each of three attempts of the task that the worker handed over.
    for (const id of unreachable) expect(chat.proxy.pushes.get(id)).to.equal(25);
  });

  it("delivers to all members even if the worker is killed, and at most twice to each", async () => {
    await channels(chat.table, Date.now).grow(LOBBY, 2);
    await enter(CONNECTED);
    let pushes = 0;
    chat.proxy.fault = () => {
      pushes += 1;
      return pushes === 90 ? "Killed" : undefined;
    };
    send("hi");
    await chat.until(() => chat.tallies["fan-out"].length > 0);

    expect(chat.errorTypes).to.deep.equal(["Runtime.ExitError"]);
    expect(chat.tallies["fan-out"]).to.deep.equal([
      { delivered: CONNECTED, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0, faults: [] },
    ]);
    expect(chat.failedEvents()).to.deep.equal([]);
    const { 1: once = 0, 2: twice = 0, ...rest } = await recipientsByCount("hi");
    expect(rest).to.deep.equal({});
    expect(once + twice).to.equal(CONNECTED);
    expect(twice).to.be.within(1, CONNECTED - 1);
  });

  it("delivers once to all members of a channel of four shards, and to no other channel", async () => {
    await enter(80);
    const insiders = crowd.slice(0, 60);
    for (const [index, client] of insiders.entries()) {
      // The first 15 are in the only shard, the next 15 in the second one, and the rest in the two of the next growth.
      if (index === 15 || index === 30) await channels(chat.table, Date.now).grow(OPS.channel, index / 7.5);
      client.send({ message: "join", channel: OPS.channel });
      expect(await client.next()).to.include('"type":"ack"');
    }
    const sizes = await Promise.all([0, 1, 2, 3].map(async (shard) => (await idsIn({ ...OPS, shard })).length));
    expect(sizes.slice(0, 2)).to.deep.equal([15, 15]);

    insiders[0]?.send({ message: "sendmessage", channel: OPS.channel, data: "hi" });
    await chat.until(() => chat.tallies["fan-out"].length === 3 && chat.tallies["send-message"].length === 1);
    const delivered = [...chat.tallies["send-message"], ...chat.tallies["fan-out"]].map(({ delivered }) => delivered);
    expect(delivered).to.have.members(sizes);
    expect(await recipientsByCount("hi")).to.deep.equal({ 0: 20, 1: 60 });
    for (const client of insiders) expect(received.get(client)).to.include("hi");
  });
});
