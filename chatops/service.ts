import type { Now } from "../chat/ports.ts";
import type { Result } from "./failure.ts";
import type { HttpResponse } from "./http.ts";
import type { Schema, ServiceClient } from "./service-client.ts";

/** What users can request from a service: the word in a frame's `data`. */
export const ACTIONS = ["status", "rotate", "revoke", "freeze", "unfreeze", "delete"] as const;

export type Action = (typeof ACTIONS)[number];

/**
 * A service whose credential chat-ops manages. To add one, add a folder with a `Service` and a row in `services.ts`.
 * Functions are declared as methods so that services with different credential types fit into one array.
 */
export interface Service<Credential extends object = object> {
  /** The route key, the name of the folder, and part of the names of its AWS resources. */
  readonly key: string;
  /** The name to show to users. */
  readonly title: string;
  /** What the secret must hold: the fields that an operator sets, and those that a rotation replaces. */
  readonly credential: Schema<Credential>;
  /**
   * Whether an error response has the format of the service's own errors. A proxy or firewall in between also returns
   * 401, 403 and 404, so the status alone does not show whether a credential is valid.
   */
  isOwnError(response: HttpResponse): boolean;
  readonly actions: Actions<Credential>;
}

export interface Actions<Credential extends object> {
  readonly status: Operation<Credential>;
  readonly rotate: Rotation<Credential> | Unsupported;
  readonly revoke: Revocation<Credential> | Unsupported;
  readonly freeze: Operation<Credential> | Unsupported;
  readonly unfreeze: Operation<Credential> | Unsupported;
  readonly delete: Operation<Credential> | Unsupported;
}

/** An action that the service's API does not offer. */
export interface Unsupported {
  /** Why, and what to do instead: text for the requester, without a final full stop. */
  readonly unsupported: string;
}

/** The documentation of an action. */
export interface ActionDescription {
  /** What it does: present tense, lower case, no full stop. */
  readonly does: string;
  /** Methods and paths, as in the service's API reference. */
  readonly endpoints: readonly string[];
  /** URL of the page in the service's API reference. */
  readonly reference: string;
  /** The permissions that the credential needs. */
  readonly needs: string;
}

/** An action that one function call completes. */
export interface Operation<Credential> extends ActionDescription {
  /** Returns a sentence for the requester, and only after the service has shown the result. Can be repeated safely. */
  run(access: ServiceAccess<Credential>): Promise<Result<string>>;
}

export interface Revocation<Credential> extends ActionDescription {
  /**
   * Revokes the credential `old`, authenticated by the one in `access`, which may be the same. Verifies the result: the
   * service must refuse the old credential, or no longer list it. Succeeds if the credential is already revoked.
   */
  revoke(access: ServiceAccess<Credential>, old: Credential): Promise<Result<undefined>>;
}

/** Replaces a credential. `rotate.ts` calls these methods in order, and resumes a rotation that was interrupted. */
export interface Rotation<Credential> extends Revocation<Credential> {
  /** Identifies the part that a rotation replaces. Undefined before the first rotation. */
  replaced(credential: Credential): string | undefined;
  /** Creates a new credential. The old one stays valid. */
  make(access: ServiceAccess<Credential>, intention: Intention): Promise<Result<Credential>>;
  /** Uses the credential in `access`, to verify that it works. */
  prove(access: ServiceAccess<Credential>): Promise<Result<undefined>>;
  /**
   * Called after a run that may have requested a new credential without storing it. Returns that credential if the service
   * lists it. Otherwise revokes it, or reports that it may still work.
   */
  recover(access: ServiceAccess<Credential>, intention: Intention): Promise<Result<Recovered<Credential>>>;
}

/** What became of a credential that an interrupted run may have created. */
export interface Recovered<Credential> {
  readonly credential?: Credential | undefined;
  /** A sentence that states that the credential cannot be revoked, and until when it may still work. */
  readonly lost?: string;
}

/** Stored before a rotation requests a new credential. */
export interface Intention {
  /** The name for the new credential, if the service supports names. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A client for the service's API, and the credential to use with it. */
export interface ServiceAccess<Credential> {
  readonly client: ServiceClient;
  readonly now: Now;
  readonly credential: Credential;
}

export const isUnsupported = (action: object): action is Unsupported => "unsupported" in action;

export const supportedActions = ({ actions }: Service): Action[] =>
  ACTIONS.filter((action) => !isUnsupported(actions[action]));
