import type { Now, Pause } from "../chat/ports.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { Http } from "./http.ts";
import type { StepName } from "./rotate.ts";
import type { PendingConfirmation, Rules } from "./rules.ts";
import type { Secret } from "./secret.ts";

/** What chat-ops needs from outside, for one service. */
export interface Ports {
  readonly rules: Rules;
  readonly secret: Secret;
  readonly lease: Lease;
  readonly confirmations: Confirmations;
  readonly trail: AuditTrail;
  /** Publishes a message in the channel `ops`. Never rejects: the audit trail has the same information. */
  readonly announce: (sentence: string) => Promise<void>;
  readonly http: Http;
  readonly now: Now;
  readonly pause: Pause;
  /** Returns a few characters that are easy to type, for confirmation codes and credential names. */
  readonly newCode: () => string;
  /** Called before each step of a rotation, for the log. */
  readonly onStep: (step: StepName) => void;
  /** Logs a fault that does not change the result of an action. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * Ensures that one action at a time changes a service's credential. Each of two simultaneous rotations would mistake the
 * other's new credential for one that an interrupted run left behind.
 */
export interface Lease {
  /** Undefined if another run holds the lease. The lease expires after the longest possible run of the function. */
  take(): Promise<Release | undefined>;
}

export type Release = () => Promise<void>;

/** The actions that wait for a second user. */
export interface Confirmations {
  put(pending: PendingConfirmation): Promise<void>;
  get(code: string): Promise<PendingConfirmation | undefined>;
  /** Uses up the code. Returns true to one caller only. Afterwards, `get` does not return it. */
  take(pending: PendingConfirmation): Promise<boolean>;
}
