import type { Now } from "../chat/ports.ts";
import type { Client, Shape } from "./client.ts";
import type { Answer } from "./failure.ts";
import type { HttpAnswer } from "./http.ts";

/** What people ask of a service: the word in a frame's `data`. */
export const ACTIONS = ["status", "rotate", "revoke", "freeze", "unfreeze", "delete"] as const;

export type Action = (typeof ACTIONS)[number];

/**
 * A service whose credential is looked after. A new one is a folder with one of these, and a row in `services.ts`.
 * Functions are methods, so that services with credentials of their own fit into one table.
 */
export interface Service<Credential extends object = object> {
  /** The route key, the name of the folder, and that of all in AWS. */
  readonly key: string;
  /** What people call it. */
  readonly title: string;
  /** What its secret must hold: what is set once and for all, and what a rotation replaces. */
  readonly credential: Shape<Credential>;
  /**
   * Whether an error has the form that the service gives its errors. A proxy or a firewall on the way answers 401, 403 and
   * 404 as well, so a status alone says nothing about a credential.
   */
  isOwnError(answer: HttpAnswer): boolean;
  readonly actions: Actions<Credential>;
}

export interface Actions<Credential extends object> {
  readonly status: Deed<Credential>;
  readonly rotate: Rotation<Credential> | Absent;
  readonly revoke: Revocation<Credential> | Absent;
  readonly freeze: Deed<Credential> | Absent;
  readonly unfreeze: Deed<Credential> | Absent;
  readonly delete: Deed<Credential> | Absent;
}

/** What the service's API cannot do. */
export interface Absent {
  /** Why, and what to do instead: sentences for who asked. */
  readonly absent: string;
}

/** What the docs say of an action. */
export interface Described {
  /** What it does, in the present tense, with small letters and no full stop. */
  readonly does: string;
  /** Methods and paths, as the reference has them. */
  readonly endpoints: readonly string[];
  /** The reference's page. */
  readonly reference: string;
  /** What the credential must be allowed to do. */
  readonly needs: string;
}

/** Something that is done at once. */
export interface Deed<Credential> extends Described {
  /** Returns a sentence for the requester, and only after the service has shown the result. Can be repeated safely. */
  run(at: At<Credential>): Promise<Answer<string>>;
}

export interface Revocation<Credential> extends Described {
  /**
   * Ends one credential for good, authenticated by the one in `at`, which may be the same, and proves it: the service
   * itself must refuse the old credential, or list what is left without it. Succeeds if there is nothing to end.
   */
  revoke(at: At<Credential>, old: Credential): Promise<Answer<undefined>>;
}

/** How a new credential comes in the place of the old. `rotate.ts` has the order, and survives what happens between. */
export interface Rotation<Credential> extends Revocation<Credential> {
  /** What is replaced: two credentials in which it is the same are one. Undefined before the first rotation. */
  replaced(credential: Credential): string | undefined;
  /** Makes a new credential beside the old one, which goes on working. */
  make(at: At<Credential>, intention: Intention): Promise<Answer<Credential>>;
  /** Lets the credential in `at` do what it is for. */
  prove(at: At<Credential>): Promise<Answer<undefined>>;
  /**
   * Called after a run that may have asked for a new credential without storing it. Returns that credential if the service
   * lists it. Otherwise ends it, or says that it may still work.
   */
  recover(at: At<Credential>, intention: Intention): Promise<Answer<Recovered<Credential>>>;
}

/** What became of a credential that an earlier run may have made and did not store. */
export interface Recovered<Credential> {
  readonly credential?: Credential | undefined;
  /** Says that it cannot be ended, and until when it may still work. A sentence. */
  readonly lost?: string;
}

/** What a rotation writes down before it asks for a new credential. */
export interface Intention {
  /** What the new credential is called, where the service lets us say. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A service's API, and the credential to use there. */
export interface At<Credential> {
  readonly client: Client;
  readonly now: Now;
  readonly credential: Credential;
}

export const isAbsent = (action: object): action is Absent => "absent" in action;
