import type { FailureCode } from "./failure-codes.ts";
import type { Action } from "./service.ts";

/** One line of the audit trail. */
export interface Entry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The service's key. */
  readonly service: string;
  /** Undefined where nothing was asked for that is known. */
  readonly action?: Action | undefined;
  readonly by: Requester;
  /** The second person, where there has to be one. */
  readonly confirmedBy?: string | undefined;
  /**
   * `asked`: waits for a second person. `begun`: written before anything is done, so that what dies on its way is seen.
   * Then `done` or `failed`. `refused`: nothing was done. `lost`: a credential may still work that the secret does not hold.
   */
  readonly outcome: "asked" | "begun" | "lost" | "done" | "failed" | "refused";
  readonly failure?: FailureCode | undefined;
  /** What who asked was told. Holds no credential. */
  readonly said: string;
}

/** A person, by the name that is theirs alone, or the schedule. */
export type Requester = { readonly user: string } | "schedule";

/** Lines are added, never changed, and never expire. So a user without any group of chat-ops cannot add one. */
export interface Trail {
  /** Rejects when it cannot: nothing is done that is not written down. */
  add(entry: Entry): Promise<void>;
}

export const nameOf = (by: Requester): string => (by === "schedule" ? "the schedule" : by.user);
