import { expect } from "chai";
import type { FailureCode } from "../../chatops/failure.ts";
import { perform } from "../../chatops/perform.ts";
import { type Action, isUnsupported, supportedActions } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { aDeskInProcess, type Desk } from "../support/chatops/desk.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import type { Fault } from "../support/chatops/stand-in.ts";
import { standInOf } from "../support/chatops/stand-ins.ts";

/** Faults of a service, and the resulting failure codes. */
const FAULTS: readonly (readonly [fault: Fault, code: FailureCode])[] = [
  ["down", "unreachable"],
  ["lost", "unreachable"],
  ["slow", "slow"],
  [{ status: 400, body: { message: "No." } }, "rejected"],
  [{ status: 429, headers: { "retry-after": "3600" } }, "rate-limited"],
  [{ status: 500, body: "<html>" }, "broken"],
  [{ status: 200, body: "<html>Log in, please.</html>" }, "nonsense"],
  [{ status: 200, body: { hello: "world" } }, "nonsense"],
  [{ status: 301, headers: { location: "http://127.0.0.1:1/" } }, "rejected"],
];

for (const service of services) {
  describe(`chatops/perform, for ${service.key}`, () => {
    let standIn: ServiceStandIn;
    let desk: Desk;
    const start = async (): Promise<void> => {
      ({ standIn, desk } = await aDeskInProcess(standInOf(service.key)));
    };
    beforeEach(start);

    const can = (action: Action): boolean => supportedActions(service).includes(action);
    const current = (): object => desk.secret.stages.current ?? {};
    const act = (action: Action) =>
      perform(desk.ports, { service, action, by: { user: "anna" }, deadline: desk.clock.now() + 20_000 });
    /** Rotates if possible, so that there is a credential to revoke, and several requests can fail. */
    const prepare = () => (can("rotate") ? act("rotate") : act("status"));

    /** Runs an action while the service processes the first `spared` requests, and the others fail. */
    async function struck(action: Action, { fault, spared }: { fault: Fault; spared: number }) {
      let requests = 0;
      standIn.fault = () => {
        requests += 1;
        return requests > spared ? fault : undefined;
      };
      const reply = await act(action);
      standIn.fault = () => undefined;
      return { reply, isStruck: requests > spared };
    }

    /** Lets each request in turn fail, until the fault comes after the last request. */
    async function strikeEach(action: Action, { fault, code }: { fault: Fault; code: FailureCode }): Promise<void> {
      for (let spared = 0; ; spared += 1) {
        const { reply, isStruck } = await struck(action, { fault, spared });
        if (!isStruck) return;
        const where = `${JSON.stringify(fault)} after ${spared} requests: ${reply.said}`;
        expect(reply.failure, where).to.equal(code);
        if (action === "rotate") expect(standIn.works(current()), where).to.equal(true);
      }
    }

    it("reports the status before and after a rotation, without an announcement", async () => {
      const before = await act("status");
      await prepare();
      const after = await act("status");
      expect([before.outcome, after.outcome]).to.deep.equal(["done", "done"]);
      expect(after.said).to.match(standIn.status);
      expect(desk.announced.filter((said) => said.includes("status"))).to.deep.equal([]);
    });

    if (can("freeze")) {
      it("freezes and unfreezes, and can repeat both", async () => {
        const states = [];
        for (const action of ["freeze", "freeze", "unfreeze", "unfreeze"] as const) {
          states.push([(await act(action)).outcome, standIn.isFrozen()]);
        }
        expect(states).to.deep.equal([
          ["done", true],
          ["done", true],
          ["done", false],
          ["done", false],
        ]);
      });
    }

    if (can("revoke")) {
      it("revokes all credentials in the secret, and can repeat it", async () => {
        await prepare();
        for (let times = 0; times < 2; times += 1) expect(await act("revoke")).to.include({ outcome: "done" });
        expect([standIn.living(), standIn.works(current())]).to.deep.equal([0, false]);
      });
    }

    if (can("delete")) {
      it("deletes the resources at the service", async () => {
        expect(await act("delete")).to.include({ outcome: "done" });
        expect(standIn.isThere()).to.equal(false);
      });
    }

    it("links each action to the API reference, or explains why it is not supported", () => {
      const sources = Object.values(service.actions).map((action) =>
        isUnsupported(action) ? action.unsupported : action.reference,
      );
      for (const source of sources) expect(source).to.match(/^https:\/\/|^\w+.* API .*[^.]$/);
    });

    for (const action of supportedActions(service)) {
      it(`reports the failure of any request of "${action}", and keeps a working credential`, async () => {
        for (const [fault, code] of FAULTS) {
          await start();
          await prepare();
          await strikeEach(action, { fault, code });
        }
      });
    }
  });
}
