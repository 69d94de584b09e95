import type { FailureCode } from "./failure.ts";
import type { Action } from "./service.ts";

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
