import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { SimulatedChat } from "../../../benchmarks/simulation/simulated-chat.ts";
import type { Quotas } from "../../../benchmarks/simulation/quotas.ts";
import { fill } from "../../../benchmarks/simulation/scenarios/large-channel.ts";

interface Options {
  readonly members: number;
  readonly seed?: number;
  readonly quotas?: Partial<Quotas>;
  readonly isGrown?: boolean;
}

/** Says one thing in a channel, and lets all that comes of it happen. */
async function sayOnce({ members, seed = 1, quotas = {}, isGrown = true }: Options) {
  const account = openAccount({ seed, quotas });
  const chat = new SimulatedChat(account);
  if (isGrown) fill(chat, members);
  else for (let member = 0; member < members; member += 1) chat.audience.add(0);
  void chat.say();
  await account.clock.run();
  const [said] = chat.deliveries;
  if (!said) throw new Error("Nothing was said.");
  return { chat, said, usage: account.usage };
}

const FEW = { requests: { perSecond: 1_000, burst: 500 } };

describe("benchmarks/simulation/chat", () => {
  for (const members of [1, 100, 1_000, 5_000]) {
    it(`reaches each of ${members} once`, async () => {
      const { said, usage } = await sayOnce({ members });
      expect(said.reached(1)).to.equal(members);
      expect(usage).to.include({ messages: members + 1, pushesRefused: 0, deadLetters: 0, writeUnits: 1 });
    });
  }

  it("reaches each of 5,000 once through a quota that refuses most of them at first", async () => {
    const { said, usage } = await sayOnce({ members: 5_000, quotas: FEW });
    expect(said.reached(1)).to.equal(5_000);
    expect(usage.pushesRefused).to.be.above(0);
    expect(Math.max(...said.times())).to.be.above(4_400);
  });

  it("reaches everybody once with fewer environments than shards", async () => {
    const { said, usage } = await sayOnce({ members: 12_000, quotas: { concurrency: 4 } });
    expect(said.reached(1)).to.equal(12_000);
    expect(usage.environments).to.equal(4);
    expect(usage.invocationsRefused).to.be.above(0);
  });

  it("spreads a shard that is too large over functions, and grows the channel to the shards it needs", async () => {
    const { chat, said, usage } = await sayOnce({ members: 8_000, isGrown: false });
    expect(said.reached(1)).to.equal(8_000);
    expect(chat.audience.shards).to.have.length(8);
    expect(usage.invocations).to.equal(1 + 6_000 / 500);
  });

  it("comes to the same again with the same seed, and not with another", async () => {
    const run = async (seed: number) => {
      const { said, usage } = await sayOnce({ members: 3_000, seed, quotas: FEW });
      return { usage, times: [...said.times()] };
    };
    const first = await run(1);
    expect(await run(1)).to.deep.equal(first);
    expect((await run(2)).times).to.not.deep.equal(first.times);
  });

  it("lets nothing be said that the quota has no room for", async () => {
    const { said } = await sayOnce({ members: 10, quotas: { requests: { perSecond: 0, burst: 0 } } });
    expect(said.reached(0)).to.equal(10);
  });

  it("has those who connect in the channel", async () => {
    const account = openAccount({ seed: 1 });
    const chat = new SimulatedChat(account);
    let connected: boolean | undefined;
    void chat.connect().then((given) => {
      connected = given;
    });
    await account.clock.run();
    expect([connected, chat.audience.size]).to.deep.equal([true, 1]);
    expect(account.usage).to.include({ writeUnits: 2, readUnits: 1, invocations: 1 });
  });
});
