import type { Probe, PushOutcome } from "../../chat/ports.ts";
import type { Account } from "./account.ts";
import type { ExecutionEnvironment } from "./lambda.ts";
import { tokenBucket } from "./quotas.ts";
import { sampleLatency } from "./random.ts";

/** API Gateway: latencies, and the quotas that handshakes, frames and pushes share. */
export function apiGateway({ clock, random, quotas, assumptions, usage }: Account) {
  const admits = tokenBucket(quotas.requests, clock.now);
  const admitsHandshake = tokenBucket(quotas.handshakes, clock.now);
  const admitsToStage = tokenBucket(quotas.stage, clock.now);
  const { push, route } = assumptions.latencies;

  /** Sends a request to the management API. Resolves to whether the quota admitted it. */
  const send = (environment: ExecutionEnvironment, onAdmitted: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      const oneWay = sampleLatency(push, random) / 2;
      clock.after(environment.work(assumptions.cpu.push) + oneWay, () => {
        const isAdmitted = admits();
        if (isAdmitted) {
          usage.messages += 1;
          onAdmitted();
        } else {
          usage.pushesRefused += 1;
        }
        clock.after(oneWay, () => resolve(isAdmitted));
      });
    });

  return {
    /** Whether the quota admits a request of another API of the account. */
    admits: () => admits(),

    /** Returns the time until a handshake or frame of a client reaches its function; undefined if it is refused. */
    request(kind: "handshake" | "frame"): number | undefined {
      if (kind === "handshake" && !admitsHandshake()) return undefined;
      if (!admits() || !admitsToStage()) return undefined;
      if (kind === "frame") usage.messages += 1;
      return sampleLatency(route, random);
    },

    push: async (environment: ExecutionEnvironment, onDelivered: () => void): Promise<PushOutcome> =>
      (await send(environment, onDelivered)) ? "delivered" : "throttled",

    /** Every simulated connection is open. */
    probe: async (environment: ExecutionEnvironment): ReturnType<Probe> =>
      (await send(environment, () => undefined)) ? "open" : { failed: "Throttled" },
  };
}

export type ApiGateway = ReturnType<typeof apiGateway>;
