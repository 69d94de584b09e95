import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import sinon from "sinon";
import { isGuest } from "../../chat/user.ts";
import { SEED } from "../support/random.ts";
import { inconsistencies } from "../support/storm/consistency.ts";
import { Gateway } from "../support/storm/gateway.ts";
import { type Size, type Step, settle, storms } from "../support/storm/steps.ts";
import { expectNone, Storm } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 300);

interface Storming {
  readonly size: Size;
  readonly steps: readonly Step[];
  readonly millisecondsPerRequest?: number;
}

/** The scheduler decides which waiting handler continues first. */
async function play(scheduler: Scheduler, { size, steps, millisecondsPerRequest }: Storming): Promise<void> {
  const gateway = new Gateway(scheduler, { millisecondsPerRequest });
  const storm = new Storm(size, gateway.connect);
  await scheduler.waitFor(storm.run(steps));
  const { connectionIds, chat } = gateway;
  expectNone(await inconsistencies(chat, { connectionIds, channels: storm.channels }));
  await scheduler.waitFor(storm.disconnectAll());
  gateway.pass(60_000);
  await scheduler.waitFor(storm.audit());
  expectNone(storm.model.violations());
  expect(chat.size()).to.equal(await itemsLeftToTtl(gateway));
}

/** The number of items of terminated connections without a channel: no push finds them gone, so only the TTL deletes them. */
async function itemsLeftToTtl({ chat, connectionIds }: Gateway): Promise<number> {
  const found = await Promise.all(connectionIds.map((id) => chat.connections.get(id)));
  const alone = found.filter((connected) => connected?.memberships.length === 0);
  return alone.reduce((count, connected) => count + (isGuest(connected?.user ?? "") ? 1 : 2), 0);
}

describe(`handlers in a storm (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  before(() => {
    sinon.replace(console, "info", () => undefined);
  });
  after(() => sinon.restore());

  it("do not lose, leak or misorder messages with any interleaving, and leave no items", async () => {
    const size = { users: 4, channels: 2 };
    const steps = storms(size, { least: 1, most: 30 });
    const storming = fc.asyncProperty(fc.scheduler(), steps, (scheduler, taken) =>
      play(scheduler, { size, steps: taken }),
    );
    await fc.assert(storming, { seed: SEED, numRuns: RUNS });
  });

  it("do the same in 100 channels of 20 members", async () => {
    const size = { users: 500, channels: 100 };
    const settled = settle(size, 20);
    const steps = storms(size, { least: 3000, most: 3000 });
    const storming = fc.asyncProperty(fc.scheduler(), steps, (scheduler, taken) =>
      // Hundreds of requests overlap. At a second each, a function would take minutes.
      play(scheduler, { size, steps: [...settled, ...taken], millisecondsPerRequest: 20 }),
    );
    await fc.assert(storming, { seed: SEED, numRuns: 1, endOnFailure: true });
  });
});
