import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { apiGateway } from "../../../benchmarks/simulation/api-gateway.ts";
import type { PushOutcome } from "../../../chat/ports.ts";

const environment = { deadline: Number.POSITIVE_INFINITY, work: () => 0, isEnded: () => false };

const admitted = (attempts: number, request: () => unknown): number =>
  Array.from({ length: attempts }, request).filter((milliseconds) => milliseconds !== undefined).length;

describe("benchmarks/simulation/api-gateway", () => {
  it("makes frames and pushes share the account's quota", async () => {
    const account = openAccount({ seed: 1, quotas: { requests: { perSecond: 1, burst: 100 } } });
    const { request, push } = apiGateway(account);
    expect(admitted(60, () => request("frame"))).to.equal(60);
    const outcomes: PushOutcome[] = [];
    let delivered = 0;
    for (let index = 0; index < 60; index += 1) {
      void push(environment, () => {
        delivered += 1;
      }).then((outcome) => outcomes.push(outcome));
    }
    await account.clock.run();
    expect(outcomes.filter((outcome) => outcome === "delivered")).to.have.length(40);
    expect(delivered).to.equal(40);
    expect(account.usage).to.include({ messages: 100, pushesRefused: 20 });
  });

  it("admits at most 500 handshakes at once", () => {
    const { request } = apiGateway(openAccount({ seed: 1 }));
    expect(admitted(800, () => request("handshake"))).to.equal(500);
  });

  it("applies the stage's throttle to frames and not to pushes", async () => {
    const account = openAccount({ seed: 1, quotas: { stage: { perSecond: 1, burst: 5 } } });
    const { request, push } = apiGateway(account);
    expect(admitted(10, () => request("frame"))).to.equal(5);
    let outcome: PushOutcome | undefined;
    void push(environment, () => undefined).then((result) => {
      outcome = result;
    });
    await account.clock.run();
    expect(outcome).to.equal("delivered");
  });
});
