import { expect } from "chai";
import { perform } from "../../chatops/perform.ts";
import type { Action } from "../../chatops/service.ts";
import { crashes, crashing } from "../support/chatops/crash.ts";
import { aDesk } from "../support/chatops/desk.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import { rotatingStandIns } from "../support/chatops/stand-ins.ts";

for (const [key, start] of rotatingStandIns) {
  describe(`chatops/revoke, for ${key}`, () => {
    let standIn: ServiceStandIn;
    afterEach(() => standIn.stop());

    for (const step of ["make", "keep", "promote"] as const) {
      it(`revokes and drops the credentials of a rotation that crashed after "${step}"`, async () => {
        standIn = await start();
        const desk = aDesk(standIn.credential);
        const act = (action: Action, ports = desk.ports) =>
          perform(ports, {
            service: standIn.service,
            action,
            by: { user: "anna" },
            deadline: desk.clock.now() + 5_000,
          });
        await act("rotate");
        expect(await crashes(act("rotate", crashing(desk.ports, { step, when: "after" })))).to.equal(true);
        const reply = await act("revoke");
        const lost = step === "make" && !standIn.findsStrays ? 1 : 0;
        expect([reply.outcome, standIn.living(), Object.keys(desk.secret.stages)]).to.deep.equal([
          "done",
          lost,
          ["current"],
        ]);
      });
    }
  });
}
