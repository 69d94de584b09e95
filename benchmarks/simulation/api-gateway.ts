import type { Probe, PushOutcome } from "../../chat/ports.ts";
import type { Account } from "./account.ts";
import type { Environment } from "./lambda.ts";
import { draw } from "./random.ts";
import { tokenBucket } from "./token-bucket.ts";

/** API Gateway, as far as it counts: its quota, which handshakes, frames and pushes share. */
export function gateway({ clock, random, quotas, assumptions, usage }: Account) {
  const admits = tokenBucket(quotas.requests, clock.now);
  const admitsHandshake = tokenBucket(quotas.handshakes, clock.now);
  const admitsToStage = tokenBucket(quotas.stage, clock.now);
  const { push, route } = assumptions.latencies;

  /** A request of a function to the management API. Resolves to whether the quota admitted it. */
  const send = (environment: Environment, onAdmitted: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      const oneWay = draw(push, random) / 2;
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
    /** Whether the quota has room for one more. */
    admits: () => admits(),

    /** A handshake or a frame of a client's: the time it takes to its function; undefined when it is refused. */
    request(kind: "handshake" | "frame"): number | undefined {
      if (kind === "handshake" && !admitsHandshake()) return undefined;
      if (!admits() || !admitsToStage()) return undefined;
      if (kind === "frame") usage.messages += 1;
      return draw(route, random);
    },

    /** A function's push. */
    post: async (environment: Environment, hear: () => void): Promise<PushOutcome> =>
      (await send(environment, hear)) ? "delivered" : "throttled",

    /** A function's probe of a connection. Every connection is open. */
    probe: async (environment: Environment): ReturnType<Probe> =>
      (await send(environment, () => undefined)) ? "open" : { failed: "Throttled" },
  };
}

export type Gateway = ReturnType<typeof gateway>;
