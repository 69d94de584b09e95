import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { gateway } from "../../../benchmarks/simulation/api-gateway.ts";
import type { PushOutcome } from "../../../chat/ports.ts";

const environment = { deadline: Number.POSITIVE_INFINITY, work: () => 0, isEnded: () => false };

const passed = (attempts: number, request: () => unknown): number =>
  Array.from({ length: attempts }, request).filter((given) => given !== undefined).length;

describe("benchmarks/simulation/gateway", () => {
  it("has frames and pushes share the account's quota", async () => {
    const account = openAccount({ seed: 1, quotas: { requests: { perSecond: 1, burst: 100 } } });
    const { request, post } = gateway(account);
    expect(passed(60, () => request("frame"))).to.equal(60);
    const outcomes: PushOutcome[] = [];
    let heard = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      void post(environment, () => {
        heard += 1;
      }).then((outcome) => outcomes.push(outcome));
    }
    await account.clock.run();
    expect(outcomes.filter((outcome) => outcome === "delivered")).to.have.length(40);
    expect(heard).to.equal(40);
    expect(account.usage).to.include({ messages: 100, pushesRefused: 20 });
  });

  it("lets no more than 500 handshakes in at once", () => {
    const { request } = gateway(openAccount({ seed: 1 }));
    expect(passed(800, () => request("handshake"))).to.equal(500);
  });

  it("holds frames, and no pushes, to the stage's throttle", async () => {
    const account = openAccount({ seed: 1, quotas: { stage: { perSecond: 1, burst: 5 } } });
    const { request, post } = gateway(account);
    expect(passed(10, () => request("frame"))).to.equal(5);
    let outcome: PushOutcome | undefined;
    void post(environment, () => undefined).then((given) => {
      outcome = given;
    });
    await account.clock.run();
    expect(outcome).to.equal("delivered");
  });
});
