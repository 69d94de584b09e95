import { expect } from "chai";
import sinon from "sinon";
import { metrics } from "../../aws/metrics.ts";
import { type Breach, opsExceptions } from "../support/faults/exceptions.ts";
import { type OpsCase, opsCases, opsNextActionsOf, opsRouteOf } from "../support/faults/ops-cases.ts";
import { playOps } from "../support/faults/ops-scenario.ts";
import { WAYS } from "../support/faults/ports.ts";
import { FaultTable } from "../support/faults/table.ts";
import { SEED, seededRandom } from "../support/random.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 300);

/** Guarantees that a second fault may break: see docs/reliability.md. */
const EXCEPTED = ["nothing was announced", "the trail has no result", "the lease is not released"];

const sentenceOf = ({ route, call, way, nextAction, sentence }: Breach): string =>
  `${route}: ${call} (${way}), then the operator ${nextAction}: ${sentence}`;

/** Every fault of a case, with everything that an operator may do next. */
async function playFaults(of: OpsCase, table: FaultTable): Promise<void> {
  const nextActions = opsNextActionsOf(of);
  const { calls } = await playOps({ of, nextAction: nextActions[0] ?? "repeats" });
  const faults = [...calls.entries()].flatMap(([at, call]) => WAYS.map((way) => ({ at, call, way })));
  for (const { at, call, way } of faults) {
    for (const nextAction of nextActions) {
      const { wrong } = await playOps({ of, nextAction, fault: { at, way } });
      table.add({ route: opsRouteOf(of), call, way, nextAction }, [...new Set(wrong)]);
    }
  }
}

describe(`the function of each service, with a fault in any call (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  // Stubs would record every call, which would fill the memory.
  before(() => {
    sinon.replace(console, "info", () => undefined);
    sinon.replace(console, "error", () => undefined);
    sinon.replace(metrics, "count", () => undefined);
    sinon.replace(metrics, "write", () => undefined);
  });
  after(() => sinon.restore());

  it("keeps every guarantee without a fault", async () => {
    for (const opsCase of opsCases) {
      for (const nextAction of opsNextActionsOf(opsCase))
        expectNone((await playOps({ of: opsCase, nextAction })).wrong);
    }
  });

  it("keeps every guarantee if any single call fails, loses its answer, or is the last before the invocation ends early", async () => {
    const table = new FaultTable(opsExceptions);
    for (const opsCase of opsCases) await playFaults(opsCase, table);
    process.stdout.write(table.text());
    expectNone(table.breaches.map(sentenceOf));
    expect(table.unused).to.deep.equal([]);
  });

  it("keeps every guarantee after two faults, once the operators have repeated the action", async () => {
    const random = seededRandom(SEED);
    const wrong: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const of = random.pick(opsCases);
      const [nextAction, fault, second] = [random.pick(opsNextActionsOf(of)), aFault(), aFault()];
      const played = await playOps({ of, nextAction, fault, second });
      const serious = played.wrong.filter((sentence) => !EXCEPTED.includes(sentence));
      const what = JSON.stringify({ service: of.service.key, route: opsRouteOf(of), nextAction, fault, second });
      wrong.push(...serious.map((each) => `${what}: ${each}`));
    }
    expectNone(wrong);

    function aFault() {
      return { at: random.below(24), way: random.pick(WAYS) };
    }
  });
});
