import { expect } from "chai";
import { perform } from "../../chatops/perform.ts";
import type { StepName } from "../../chatops/rotate.ts";
import { type Crash, crashes, crashing } from "../support/chatops/crash.ts";
import { aDeskInProcess, type Desk } from "../support/chatops/desk.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import { rotatingStandIns } from "../support/chatops/stand-ins.ts";

/** The steps of a rotation after one that finished. */
const STEPS: readonly StepName[] = ["intend", "make", "keep", "prove", "promote", "retire", "forget"];

/** Includes the step of a rotation after one that crashed. */
const ALL_STEPS: readonly StepName[] = ["recover", ...STEPS];

const crashesIn = (steps: readonly StepName[]): Crash[] =>
  steps.flatMap((step) => [
    { step, when: "before" },
    { step, when: "after" },
  ]);

/** How many credentials stay valid until they expire: created, not stored, and the service has no list of them. */
const lostBy = (standIn: ServiceStandIn, allCrashes: readonly Crash[]): number =>
  standIn.findsStrays ? 0 : allCrashes.filter(losesCredential).length;

const losesCredential = ({ step, when }: Crash): boolean =>
  (step === "make" && when === "after") || (step === "keep" && when === "before");

for (const [key, start] of rotatingStandIns) {
  describe(`chatops/rotate, for ${key}`, () => {
    let standIn: ServiceStandIn;
    let desk: Desk;
    /** The credential before the tested rotation, created by an earlier rotation. */
    let old: object;
    beforeEach(async () => {
      ({ standIn, desk } = await aDeskInProcess(start));
      expect(await rotate()).to.include({ outcome: "done" });
      old = current();
    });

    const current = (): object => desk.secret.stages.current ?? {};
    const rotate = (ports = desk.ports) =>
      perform(ports, {
        service: standIn.service,
        action: "rotate",
        by: { user: "anna" },
        deadline: desk.clock.now() + 20_000,
      });
    const isRotated = (): boolean =>
      standIn.works(current()) && !standIn.works(old) && Object.keys(desk.secret.stages).join() === "current";

    const failFirstProof = (): void => {
      let hasFailed = false;
      standIn.fault = ({ method, path }) => {
        if (hasFailed || !standIn.proof.test(`${method} ${path}`)) return undefined;
        hasFailed = true;
        return standIn.refusal;
      };
    };

    it("creates a new credential, stores it, verifies it, and revokes the old one, in this order", async () => {
      desk.begun.length = 0;
      expect(await rotate()).to.include({ outcome: "done" });
      expect(desk.begun).to.deep.equal(STEPS);
      expect([isRotated(), standIn.living()]).to.deep.equal([true, 1]);
    });

    for (const crash of crashesIn(STEPS)) {
      it(`leaves a working credential when it crashes ${crash.when} "${crash.step}", and the next run continues`, async () => {
        expect(await crashes(rotate(crashing(desk.ports, crash)))).to.equal(true);
        expect(standIn.works(current())).to.equal(true);
        expect(await rotate()).to.include({ outcome: "done" });
        expect([isRotated(), standIn.living()]).to.deep.equal([true, 1 + lostBy(standIn, [crash])]);
      });
    }

    it("revokes a new credential that does not work, and keeps the old one", async () => {
      failFirstProof();
      const reply = await rotate();
      expect(reply).to.include({ outcome: "failed", failure: "unproven" });
      expect([current(), standIn.works(old), standIn.living()]).to.deep.equal([old, true, 1]);
    });

    it("creates another credential if the one of a crashed run no longer works", async () => {
      await crashes(rotate(crashing(desk.ports, { step: "prove", when: "before" })));
      failFirstProof();
      expect(await rotate()).to.include({ outcome: "done" });
      expect([isRotated(), standIn.living()]).to.deep.equal([true, 1]);
    });

    it("does not revoke the current credential if an operator set the secret to the same value again", async () => {
      desk.secret.stages = { current: old, previous: old };
      await crashes(rotate(crashing(desk.ports, { step: "forget", when: "after" })));
      expect([current(), standIn.works(old)]).to.deep.equal([old, true]);
    });

    it("survives a second crash, at any two steps", async () => {
      for (const first of crashesIn(STEPS)) {
        for (const second of crashesIn(ALL_STEPS)) {
          const before = standIn.living();
          old = current();
          const where = JSON.stringify([first, second]);
          expect(await crashes(rotate(crashing(desk.ports, first))), where).to.equal(true);
          // The second run may finish without reaching the step in which it would crash.
          const crashed = (await crashes(rotate(crashing(desk.ports, second)))) ? [first, second] : [first];
          expect(standIn.works(current()), where).to.equal(true);
          expect(await rotate(), where).to.include({ outcome: "done" });
          expect(isRotated(), where).to.equal(true);
          expect(standIn.living() - before, where).to.equal(lostBy(standIn, crashed));
        }
      }
    });
  });
}
