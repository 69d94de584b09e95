import fc, { type Scheduler } from "fast-check";
import sinon from "sinon";
import { SEED } from "../support/random.ts";
import { inconsistencies } from "../support/storm/consistency.ts";
import { Gateway } from "../support/storm/gateway.ts";
import {
  ACTS,
  CHANNELS,
  DEVICES,
  type ReturningStep,
  ReturningUser,
  type Sent,
} from "../support/storm/returning-user.ts";
import { brokenPromises } from "../support/storm/returning-verdict.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Math.ceil(Number(process.env.FC_RUNS ?? 300) / 6);
const NAMES = ["anna", "ben", "clara"];

const SETTINGS = {
  authentication: "jwt",
  lastingMembership: true,
  directConversations: true,
  readReceipts: true,
  storesReactions: true,
} as const;

/** All requests of a storm take less time than the window in which clients look for late entries. */
const MILLISECONDS_PER_REQUEST = 50;

/** Longer than that window: a client that resumes then learns changes of earlier messages only from their records. */
const NIGHT_MILLISECONDS = 60_000;

const steps = fc.array(
  fc.record({
    user: fc.nat(NAMES.length - 1),
    act: fc.oneof(...ACTS.map(({ act, weight }) => ({ arbitrary: fc.constant(act), weight }))),
    device: fc.nat(DEVICES - 1),
    channel: fc.nat(CHANNELS.length - 1),
    pick: fc.nat(11),
    waits: fc.boolean(),
  }),
  { minLength: 1, maxLength: 90, size: "max" },
);

async function play(scheduler: Scheduler, taken: readonly ReturningStep[]): Promise<void> {
  const gateway = new Gateway(scheduler, { millisecondsPerRequest: MILLISECONDS_PER_REQUEST, settings: SETTINGS });
  const sent: Sent = { messages: [], directs: [] };
  const users = NAMES.map((name) => new ReturningUser(name, { connect: gateway.connect, sent, names: NAMES }));
  const each = <Result>(act: (user: ReturningUser, index: number) => Promise<Result>): Promise<Result[]> =>
    scheduler.waitFor(Promise.all(users.map(act)));
  const perform = (some: readonly ReturningStep[]) =>
    each((user, index) => user.play(some.filter((step) => step.user === index)));
  await each((user) => user.return());
  await perform(taken.slice(0, taken.length / 2));
  gateway.pass(NIGHT_MILLISECONDS);
  await each((user) => user.return());
  await each((user) => user.catchUp());
  gateway.pass(NIGHT_MILLISECONDS);
  await perform(taken.slice(taken.length / 2));
  await each((user) => user.return());
  expectNone(await scheduler.waitFor(brokenPromises(users, sent)));
  expectNone(await inconsistencies(gateway.chat, { connectionIds: gateway.connectionIds, channels: CHANNELS }));
}

describe(`users with several devices, which come and go in a storm (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  before(() => {
    sinon.replace(console, "info", () => undefined);
  });
  after(() => sinon.restore());

  it("find their channels, unread counts, direct messages, texts, deletions and reactions when they return", async () => {
    const storming = fc.asyncProperty(fc.scheduler(), steps, play);
    await fc.assert(storming, { seed: SEED, numRuns: RUNS });
  });
});
