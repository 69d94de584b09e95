import { expect } from "chai";
import { perform } from "../../chatops/perform.ts";
import type { StepName } from "../../chatops/steps.ts";
import { type Death, dies, mortal } from "../support/chatops/death.ts";
import { aDesk, type Desk } from "../support/chatops/desk.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import { rotatingStandIns } from "../support/chatops/stand-ins.ts";

/** Those of a rotation that finds nothing left behind. */
const STEPS: readonly StepName[] = ["intend", "make", "keep", "prove", "promote", "retire", "forget"];

/** Those, and those of one that does. */
const ALL_STEPS: readonly StepName[] = ["recover", ...STEPS];

const deathsIn = (steps: readonly StepName[]): Death[] =>
  steps.flatMap((step) => [
    { step, when: "before" },
    { step, when: "after" },
  ]);

/** How many live on until they expire: those that were made and not kept, where the service lists none. */
const lostBy = (standIn: ServiceStandIn, deaths: readonly Death[]): number =>
  standIn.findsStrays ? 0 : deaths.filter(isBetweenMakingAndKeeping).length;

const isBetweenMakingAndKeeping = ({ step, when }: Death): boolean =>
  (step === "make" && when === "after") || (step === "keep" && when === "before");

for (const [key, start] of rotatingStandIns) {
  describe(`chatops/rotate, for ${key}`, () => {
    let standIn: ServiceStandIn;
    let desk: Desk;
    /** What the secret held when the rotation began that a test is about: itself made by one. */
    let old: object;
    beforeEach(async () => {
      standIn = await start();
      desk = aDesk(standIn.credential);
      expect(await rotate()).to.include({ outcome: "done" });
      old = current();
    });
    afterEach(() => standIn.stop());

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

    const strikeFirstProof = (): void => {
      let isStruck = false;
      standIn.fault = ({ method, path }) => {
        if (isStruck || !standIn.proof.test(`${method} ${path}`)) return undefined;
        isStruck = true;
        return standIn.refusal;
      };
    };

    it("makes a new credential, proves it, stores it, and ends the old one, in this order", async () => {
      desk.begun.length = 0;
      expect(await rotate()).to.include({ outcome: "done" });
      expect(desk.begun).to.deep.equal(STEPS);
      expect([isRotated(), standIn.living()]).to.deep.equal([true, 1]);
    });

    for (const death of deathsIn(STEPS)) {
      it(`has a credential that works when it dies ${death.when} "${death.step}", and goes on from there`, async () => {
        expect(await dies(rotate(mortal(desk.ports, death)))).to.equal(true);
        expect(standIn.works(current())).to.equal(true);
        expect(await rotate()).to.include({ outcome: "done" });
        expect([isRotated(), standIn.living()]).to.deep.equal([true, 1 + lostBy(standIn, [death])]);
      });
    }

    it("ends a new credential that does not work, and leaves the old one alone", async () => {
      strikeFirstProof();
      const reply = await rotate();
      expect(reply).to.include({ outcome: "failed", failure: "unproven" });
      expect([current(), standIn.works(old), standIn.living()]).to.deep.equal([old, true, 1]);
    });

    it("makes another where the one that an earlier run left does not work any more", async () => {
      await dies(rotate(mortal(desk.ports, { step: "prove", when: "before" })));
      strikeFirstProof();
      expect(await rotate()).to.include({ outcome: "done" });
      expect([isRotated(), standIn.living()]).to.deep.equal([true, 1]);
    });

    it("does not end the credential in use where the secret was set again to what it held", async () => {
      desk.secret.stages = { current: old, previous: old };
      await dies(rotate(mortal(desk.ports, { step: "forget", when: "after" })));
      expect([current(), standIn.works(old)]).to.deep.equal([old, true]);
    });

    it("outlives a second death, wherever both come", async () => {
      for (const first of deathsIn(STEPS)) {
        for (const second of deathsIn(ALL_STEPS)) {
          const before = standIn.living();
          old = current();
          const where = JSON.stringify([first, second]);
          expect(await dies(rotate(mortal(desk.ports, first))), where).to.equal(true);
          // It may come to its end without the step in which it would have died.
          const died = (await dies(rotate(mortal(desk.ports, second)))) ? [first, second] : [first];
          expect(standIn.works(current()), where).to.equal(true);
          expect(await rotate(), where).to.include({ outcome: "done" });
          expect(isRotated(), where).to.equal(true);
          expect(standIn.living() - before, where).to.equal(lostBy(standIn, died));
        }
      }
    });
  });
}
