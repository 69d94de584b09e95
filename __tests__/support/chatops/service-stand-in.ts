import type { Service } from "../../../chatops/service.ts";
import type { Answered, Open, StandIn } from "./stand-in.ts";

export interface Setting {
  readonly open: Open;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type StartService = (setting?: Partial<Setting>) => Promise<ServiceStandIn>;

/** A service's stand-in, with the state of its credentials. */
export interface ServiceStandIn extends StandIn {
  readonly service: Service;
  /** The secret that an operator would set. */
  readonly credential: object;
  /** The answer to `status` after a rotation, if supported. */
  readonly status: RegExp;
  /** The service's own error for a credential without permission. */
  readonly refusal: Answered;
  /** Method and path of the request that verifies a new credential. */
  readonly proof: RegExp;
  /** Whether a credential that was created and not stored can be found or revoked. */
  readonly findsStrays: boolean;
  /** Whether a secret's content works at the service. */
  works(credential: object): boolean;
  /** The number of valid credentials of the kind that a rotation replaces. */
  living(): number;
  /** Whether `freeze` is in force. */
  isFrozen(): boolean;
  /** Whether the resources that `delete` removes exist. */
  isThere(): boolean;
}
