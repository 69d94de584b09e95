import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import type { Quotas } from "../../../benchmarks/simulation/quotas.ts";
import { fill } from "../../../benchmarks/simulation/scenarios/large-channel.ts";
import { SimulatedChat } from "../../../benchmarks/simulation/simulated-chat.ts";

interface Options {
  readonly members: number;
  readonly seed?: number;
  readonly quotas?: Partial<Quotas>;
  readonly isGrown?: boolean;
}

/** Sends one message to a channel and runs the simulation to its end. */
async function sendOnce({ members, seed = 1, quotas = {}, isGrown = true }: Options) {
  const account = openAccount({ seed, quotas });
  const chat = new SimulatedChat(account);
  if (isGrown) fill(chat, members);
  else for (let member = 0; member < members; member += 1) chat.audience.add(0);
  void chat.sendMessage();
  await account.clock.run();
  const [delivery] = chat.deliveries;
  if (!delivery) throw new Error("The simulation sent no message.");
  return { chat, delivery, usage: account.usage };
}

const FEW = { requests: { perSecond: 1_000, burst: 500 } };

describe("benchmarks/simulation/simulated-chat", () => {
  for (const members of [1, 100, 1_000, 5_000]) {
    it(`reaches each of ${members} members once`, async () => {
      const { delivery, usage } = await sendOnce({ members });
      expect(delivery.connectionsThatReceived(1)).to.equal(members);
      expect(usage).to.include({ messages: members + 1, pushesRefused: 0, deadLetters: 0, writeUnits: 1 });
    });
  }

  it("reaches each of 5,000 members once, although the quota refuses most pushes at first", async () => {
    const { delivery, usage } = await sendOnce({ members: 5_000, quotas: FEW });
    expect(delivery.connectionsThatReceived(1)).to.equal(5_000);
    expect(usage.pushesRefused).to.be.above(0);
    expect(Math.max(...delivery.times())).to.be.above(4_400);
  });

  it("reaches each member once with fewer environments than shards", async () => {
    const { delivery, usage } = await sendOnce({ members: 12_000, quotas: { concurrency: 4 } });
    expect(delivery.connectionsThatReceived(1)).to.equal(12_000);
    expect(usage.environments).to.equal(4);
    expect(usage.invocationsRefused).to.be.above(0);
  });

  it("spreads a shard that is too large over functions, and grows the channel to the shards it needs", async () => {
    const { chat, delivery, usage } = await sendOnce({ members: 8_000, isGrown: false });
    expect(delivery.connectionsThatReceived(1)).to.equal(8_000);
    expect(chat.audience.shards).to.have.length(8);
    expect(usage.invocations).to.equal(1 + 6_000 / 500);
  });

  it("has the same result with the same seed, and another with another seed", async () => {
    const run = async (seed: number) => {
      const { delivery, usage } = await sendOnce({ members: 3_000, seed, quotas: FEW });
      return { usage, times: [...delivery.times()] };
    };
    const first = await run(1);
    expect(await run(1)).to.deep.equal(first);
    expect((await run(2)).times).to.not.deep.equal(first.times);
  });

  it("sends no message that the quota refuses", async () => {
    const { delivery } = await sendOnce({ members: 10, quotas: { requests: { perSecond: 0, burst: 0 } } });
    expect(delivery.connectionsThatReceived(0)).to.equal(10);
  });

  it("adds clients that connect to the channel", async () => {
    const account = openAccount({ seed: 1 });
    const chat = new SimulatedChat(account);
    let connected: boolean | undefined;
    void chat.connect().then((isConnected) => {
      connected = isConnected;
    });
    await account.clock.run();
    expect([connected, chat.audience.size]).to.deep.equal([true, 1]);
    expect(account.usage).to.include({ writeUnits: 2, readUnits: 1, invocations: 1 });
  });
});
