import type { Now, Pause } from "../chat/ports.ts";
import type { Http } from "./http.ts";
import type { Rules, Unconfirmed } from "./rules.ts";
import type { Secret } from "./secret.ts";
import type { StepName } from "./steps.ts";
import type { Trail } from "./trail.ts";

/** What the function of one service needs of its surroundings. */
export interface Ports {
  readonly rules: Rules;
  readonly secret: Secret;
  readonly lease: Lease;
  readonly confirmations: Confirmations;
  readonly trail: Trail;
  /** Says something in the channel `ops`. Rejects never: what could not be said is in the trail. */
  readonly announce: (sentence: string) => Promise<void>;
  readonly http: Http;
  readonly now: Now;
  readonly pause: Pause;
  /** A few characters that are easy to type: a code, or a part of a name. */
  readonly newCode: () => string;
  /** Called before each step of a rotation, for the log. */
  readonly begin: (step: StepName) => void;
  /** Logs a fault that does not change the result of an action. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * One action at a time may change a service's credential: two rotations at once would take each other's new credential
 * for one that was left behind.
 */
export interface Lease {
  /** Undefined while somebody else has it. It outlives the longest run of the function, and ends by itself after that. */
  take(): Promise<Release | undefined>;
}

export type Release = () => Promise<void>;

/** What waits for a second person. */
export interface Confirmations {
  put(unconfirmed: Unconfirmed): Promise<void>;
  get(code: string): Promise<Unconfirmed | undefined>;
  /** Uses up the code. True for one caller only: afterwards, `get` does not return it. */
  take(unconfirmed: Unconfirmed): Promise<boolean>;
}
