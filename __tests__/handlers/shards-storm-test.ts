import fc, { type Scheduler } from "fast-check";
import { SEED } from "../support/random.ts";
import { type ShardStep, ShardStorm } from "../support/storm/shard-storm.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 150);

const step: fc.Arbitrary<ShardStep> = fc.record({
  act: fc.oneof(
    ...(["connect", "join", "send", "grow"] as const).map((act) => ({ arbitrary: fc.constant(act), weight: 4 })),
    ...(["leave", "disconnect", "vanish", "join and die"] as const).map((act) => ({
      arbitrary: fc.constant(act),
      weight: 1,
    })),
  ),
  user: fc.nat(20),
  channel: fc.constantFrom("lobby", "ops"),
  power: fc.integer({ min: 1, max: 5 }),
  // A handshake lasts 29 seconds at most.
  seconds: fc.nat(2),
});

/** Concurrent steps, and the minutes until the next batch. */
const batch = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  minutes: fc.oneof(fc.constant(0), fc.nat(10), fc.nat(130)),
});

async function play(scheduler: Scheduler, batches: readonly { steps: readonly ShardStep[]; minutes: number }[]) {
  const storm = new ShardStorm(scheduler);
  for (const { steps, minutes } of batches) {
    await scheduler.waitFor(storm.play(steps));
    await scheduler.waitFor(storm.pass(minutes * 60_000));
  }
  await scheduler.waitFor(storm.sendToAllChannels());
  expectNone(storm.wrong);
}

describe(`handlers in channels that grow and shrink (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  it("deliver every message to every member while clients join, leave and functions die", async () => {
    const storming = fc.asyncProperty(fc.scheduler(), fc.array(batch, { minLength: 1, maxLength: 12 }), play);
    await fc.assert(storming, { seed: SEED, numRuns: RUNS });
  });
});
