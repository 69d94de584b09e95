import sinon from "sinon";
import { metrics } from "../../aws/metrics.ts";
import { type Entries, loadEntries } from "../support/faults/world.ts";
import { SEED } from "../support/random.ts";
import { expectNone } from "../support/storm/storm.ts";
import { run, type Scenario } from "../support/virtual-chat/run.ts";
import { violations } from "../support/virtual-chat/verdict.ts";

const { FC_RUNS } = process.env;
const RUNS = Number(FC_RUNS ?? 6);
/** Of each client. */
const MESSAGES = FC_RUNS === undefined ? 60 : 300;

const USERS: readonly Scenario["users"][] = ["authenticated", "named", "guests"];
const FAULTS_PER_MILLE = [0, 20];

/** Alternates between the kinds of users, with and without functions that fail. */
const scenarioOf = (seed: number): Scenario => ({
  seed,
  messages: MESSAGES,
  users: USERS[seed % 3] ?? "guests",
  faultsPerMille: FAULTS_PER_MILLE[Math.floor(seed / 3) % 2] ?? 0,
});

describe(`sessions in a generated network, in virtual time (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  let entries: Entries;
  before(async () => {
    // Not stubs: those would keep every call of a long run.
    for (const level of ["info", "error"] as const) sinon.replace(console, level, () => undefined);
    sinon.replace(metrics, "count", () => undefined);
    sinon.replace(metrics, "write", () => undefined);
    entries = await loadEntries();
  });
  after(() => sinon.restore());

  for (let seed = SEED; seed < SEED + RUNS; seed += 1) {
    const scenario = scenarioOf(seed);
    const { users, faultsPerMille } = scenario;
    it(`deliver every message once and in order (seed ${seed}: ${users}, ${faultsPerMille} ‰ of invocations fail)`, async () => {
      const outcome = await run(entries, scenario);
      expectNone(await violations(outcome, { isLateAllowed: faultsPerMille > 0 }));
    });
  }
});
