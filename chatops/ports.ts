import type { Now, Pause } from "../chat/ports.ts";
import type { FailureCode } from "./failure.ts";
import type { Http } from "./http.ts";
import type { StepName } from "./rotate.ts";
import type { PendingConfirmation, Rules } from "./rules.ts";
import type { Secret } from "./secret.ts";
import type { Action } from "./service.ts";

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

/** One entry of the audit trail. The property names are attributes of stored items: do not rename them. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The service's key. */
  readonly service: string;
  /** Undefined if the request named no known action. */
  readonly action?: Action | undefined;
  readonly by: Requester;
  /** The second user, if the action requires one. */
  readonly confirmedBy?: string | undefined;
  /**
   * - `asked`: the action waits for a second user.
   * - `begun`: written before the service is called, so that an interrupted action is visible.
   * - `done` or `failed`: the result.
   * - `refused`: the service was not called.
   * - `lost`: a credential that is not in the secret may still work.
   */
  readonly outcome: "asked" | "begun" | "lost" | "done" | "failed" | "refused";
  readonly failure?: FailureCode | undefined;
  /** The text that the requester received. Contains no credential. */
  readonly said: string;
}

/** A user, by unique id, or the rotation schedule. */
export type Requester = { readonly user: string } | "schedule";

/** Entries can be added, not changed, and never expire. So users without any chat-ops group must not add any. */
export interface AuditTrail {
  /** Rejects if the entry cannot be stored: an action that cannot be recorded must not run. */
  add(entry: AuditEntry): Promise<void>;
}

export const nameOf = (by: Requester): string => (by === "schedule" ? "the schedule" : by.user);
