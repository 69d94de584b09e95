import type { Action } from "./service.ts";

/** The channel where is said what is done, and by whom. */
export const OPS_CHANNEL = "ops";

/** Who may do what. A setting. */
export interface Rules {
  /** The group that somebody must be in, by action. */
  readonly groups: Readonly<Record<Action, string>>;
  /** What a second person of the same group must confirm. */
  readonly confirmed: readonly Action[];
  /** How long there is for it. */
  readonly confirmationSeconds: number;
}

export const RULES: Rules = {
  groups: {
    status: "ops",
    rotate: "ops",
    revoke: "ops-admin",
    freeze: "ops-admin",
    unfreeze: "ops-admin",
    delete: "ops-admin",
  },
  confirmed: ["revoke", "freeze", "delete"],
  confirmationSeconds: 300,
};

/** Somebody who has proven who they are. */
export interface Person {
  /** Two people never have the same. */
  readonly user: string;
  readonly groups: readonly string[];
}

/** Whether a user is in any group of chat-ops. */
export const isOperator = ({ groups }: Rules, person: Person): boolean =>
  Object.values(groups).some((group) => person.groups.includes(group));

/** Why somebody may not do something, or nothing. */
export function refusalOf({ groups }: Rules, person: Person, action: Action): string | undefined {
  const group = groups[action];
  return person.groups.includes(group) ? undefined : `Only the group ${group} may ${action}.`;
}

/** What waits for a second person. */
export interface Unconfirmed {
  /** Names it, and is no secret. */
  readonly code: string;
  readonly service: string;
  readonly action: Action;
  /** Who asked for it. */
  readonly by: string;
  /** Epoch milliseconds. After it, nothing comes of it. */
  readonly until: number;
}

interface Confirming {
  readonly service: string;
  readonly person: Person;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What somebody may confirm now, or why not. One sentence for all that is not there, or no more. */
export function confirmable(
  rules: Rules,
  unconfirmed: Unconfirmed | undefined,
  { service, person, now }: Confirming,
): { readonly confirmable: Unconfirmed } | { readonly refusal: string } {
  const waits = unconfirmed?.service === service && unconfirmed.until > now;
  if (!waits) return { refusal: NOTHING_TO_CONFIRM };
  if (unconfirmed.by === person.user) return { refusal: "Somebody else has to confirm it." };
  const refusal = refusalOf(rules, person, unconfirmed.action);
  return refusal === undefined ? { confirmable: unconfirmed } : { refusal };
}

export const NOTHING_TO_CONFIRM = "Nothing waits under that code: it is unknown, confirmed already, or too old.";
