import { expect } from "chai";
import sinon from "sinon";
import { metrics } from "../../aws/metrics.ts";
import { routes } from "../../handlers/routes.ts";
import { type FaultCase, faultCases, nextActionsOf } from "../support/faults/cases.ts";
import { type Breach, exceptions } from "../support/faults/exceptions.ts";
import { WAYS } from "../support/faults/ports.ts";
import { play, playWorker } from "../support/faults/scenario.ts";
import { FaultTable } from "../support/faults/table.ts";
import { type Entries, loadEntries } from "../support/faults/world.ts";
import { routeOf } from "../support/functions-on-table.ts";
import { SEED, seededRandom } from "../support/random.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 300);

const sentenceOf = ({ route, call, way, nextAction, sentence }: Breach): string =>
  `${route}: ${call} (${way}), then the client ${nextAction}: ${sentence}`;

/** Every fault of a case, with everything that a client may do next. */
async function playFaults(entries: Entries, of: FaultCase, table: FaultTable): Promise<void> {
  const nextActions = nextActionsOf(of);
  const { calls } = await play(entries, { of, nextAction: nextActions[0] ?? "stays away" });
  const faults = [...calls.entries()].flatMap(([at, call]) => WAYS.map((way) => ({ at, call, way })));
  for (const { at, call, way } of faults) {
    for (const nextAction of nextActions) {
      const { wrong } = await play(entries, { of, nextAction, fault: { at, way } });
      table.add({ route: routeOf(of.doing), call, way, nextAction }, wrong);
    }
  }
}

/** Nobody repeats a task but Lambda. */
async function playWorkerFaults(entries: Entries, route: string, table: FaultTable): Promise<void> {
  const { calls } = await playWorker(entries);
  for (const [at, call] of calls.entries()) {
    for (const way of WAYS) {
      const { wrong } = await playWorker(entries, { at, way });
      table.add({ route, call, way, nextAction: "stays away" }, wrong);
    }
  }
}

describe(`handlers, with a fault in any call (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  let entries: Entries;
  // Stubs would keep every call of thousands of runs.
  before(async () => {
    sinon.replace(console, "info", () => undefined);
    sinon.replace(console, "error", () => undefined);
    sinon.replace(metrics, "count", () => undefined);
    sinon.replace(metrics, "write", () => undefined);
    entries = await loadEntries();
  });
  after(() => sinon.restore());

  it("are all tested", () => {
    const played = new Set(faultCases.map(({ doing }) => routeOf(doing)));
    expect(routes.map(({ key }) => key).filter((key) => !played.has(key))).to.deep.equal([]);
  });

  it("keep every guarantee without a fault", async () => {
    for (const of of faultCases) {
      for (const nextAction of nextActionsOf(of)) expectNone((await play(entries, { of, nextAction })).wrong);
    }
  });

  it("keep every guarantee if any single call fails, loses its answer, or is the last of its function", async () => {
    const table = new FaultTable(exceptions);
    for (const of of faultCases) await playFaults(entries, of, table);
    await playWorkerFaults(entries, "fan-out", table);
    process.stdout.write(table.text());
    expectNone(table.breaches.map(sentenceOf));
    expect(table.unused).to.deep.equal([]);
  });

  it("do not lose or repeat acknowledged messages, and let all users connect again, after two faults", async () => {
    const random = seededRandom(SEED);
    const wrong: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const of = random.pick(faultCases);
      const [nextAction, fault, second] = [random.pick(nextActionsOf(of)), aFault(), aFault()];
      const played = await play(entries, { of, nextAction, fault, second });
      const serious = played.wrong.filter((sentence) => /history|cannot connect|was told|was removed/.test(sentence));
      wrong.push(...serious.map((each) => `${JSON.stringify({ of, nextAction, fault, second })}: ${each}`));
    }
    expectNone(wrong);

    function aFault() {
      return { at: random.below(12), way: random.pick(WAYS) };
    }
  });
});
