import type { Random } from "../../chat/ports.ts";
import { ASSUMPTIONS, type Assumptions } from "./assumptions.ts";
import { VirtualClock } from "./clock.ts";
import { DEFAULT_QUOTAS, type Quotas } from "./quotas.ts";
import { seeded } from "./random.ts";

/** What AWS bills, and how often quotas refused something. */
export interface Usage {
  /** Frames of clients and delivered pushes. */
  messages: number;
  /** Pushes that API Gateway refused with a 429. */
  pushesRefused: number;
  invocations: number;
  gigabyteSeconds: number;
  readUnits: number;
  writeUnits: number;
  /** Requests that DynamoDB throttled. */
  requestsRefused: number;
  /** Invocations that Lambda throttled. */
  invocationsRefused: number;
  /** The highest number of concurrent executions. */
  environments: number;
  /** Asynchronous events that failed after all retries. */
  deadLetters: number;
}

/** An AWS account in one region, in simulated time. Everything in it shares its quotas. */
export interface Account {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly quotas: Quotas;
  readonly assumptions: Assumptions;
  readonly usage: Usage;
}

export interface AccountOptions {
  readonly seed: number;
  readonly quotas?: Partial<Quotas>;
  readonly assumptions?: Partial<Assumptions>;
}

export const openAccount = ({ seed, quotas, assumptions }: AccountOptions): Account => ({
  clock: new VirtualClock(),
  random: seeded(seed),
  quotas: { ...DEFAULT_QUOTAS, ...quotas },
  assumptions: { ...ASSUMPTIONS, ...assumptions },
  usage: {
    messages: 0,
    pushesRefused: 0,
    invocations: 0,
    gigabyteSeconds: 0,
    readUnits: 0,
    writeUnits: 0,
    requestsRefused: 0,
    invocationsRefused: 0,
    environments: 0,
    deadLetters: 0,
  },
});
