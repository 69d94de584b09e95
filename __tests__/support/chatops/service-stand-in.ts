import type { Service } from "../../../chatops/service.ts";
import type { Answered, Open, StandIn } from "./stand-in.ts";

/** Where a stand-in is opened, and its clock. */
export interface Setting {
  readonly open: Open;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type StartService = (setting?: Partial<Setting>) => Promise<ServiceStandIn>;

/** A service's stand-in, with what is to know of its credentials. */
export interface ServiceStandIn extends StandIn {
  readonly service: Service;
  /** As an operator sets it. */
  readonly credential: object;
  /** What `status` says after a rotation, where there is one. */
  readonly status: RegExp;
  /** How the service itself refuses a credential that may not do something. */
  readonly refusal: Answered;
  /** Method and path of what proves a new credential. */
  readonly proof: RegExp;
  /** Whether a credential that was made and not kept can be found again, or ended. */
  readonly findsStrays: boolean;
  /** Whether what a secret holds works at the service. */
  works(credential: object): boolean;
  /** How many credentials work that a rotation replaces. */
  living(): number;
  /** Whether `freeze` is in force. */
  isFrozen(): boolean;
  /** Whether what `delete` removes is there. */
  isThere(): boolean;
}
