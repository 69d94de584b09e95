import type { Action } from "./service.ts";

/** The channel in which every change, and its requester, is announced. */
export const OPS_CHANNEL = "ops";

/** Which users can perform which actions. A setting of the environment. */
export interface Rules {
  /** The group that each action requires. */
  readonly groups: Readonly<Record<Action, string>>;
  /** The actions that a second user of the same group must confirm. */
  readonly confirmed: readonly Action[];
  /** How long an action waits for its confirmation. */
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

/** An authenticated user. */
export interface Person {
  /** The unique id of the user. */
  readonly user: string;
  readonly groups: readonly string[];
}

/** Whether the user is in any group of chat-ops. */
export const isOperator = ({ groups }: Rules, person: Person): boolean =>
  Object.values(groups).some((group) => person.groups.includes(group));

/** Why the user cannot perform the action. Undefined if the user can. */
export function permissionRefusal({ groups }: Rules, person: Person, action: Action): string | undefined {
  const group = groups[action];
  return person.groups.includes(group) ? undefined : `The action ${action} requires the group ${group}.`;
}

/** An action that waits for a second user. */
export interface PendingConfirmation {
  /** Identifies the action. Not a secret: it is announced. */
  readonly code: string;
  readonly service: string;
  readonly action: Action;
  /** The user who requested the action. */
  readonly by: string;
  /** When it expires, in epoch milliseconds. */
  readonly until: number;
}

interface ConfirmationRequest {
  readonly service: string;
  readonly person: Person;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Returns the action if the user can confirm it, else the reason. Unknown, used and expired codes get the same reason. */
export function checkConfirmation(
  rules: Rules,
  pending: PendingConfirmation | undefined,
  { service, person, now }: ConfirmationRequest,
): { readonly confirmed: PendingConfirmation } | { readonly refusal: string } {
  const isWaiting = pending?.service === service && pending.until > now;
  if (!isWaiting) return { refusal: NOTHING_TO_CONFIRM };
  if (pending.by === person.user) return { refusal: "You requested this action, so another user must confirm it." };
  const refusal = permissionRefusal(rules, person, pending.action);
  return refusal === undefined ? { confirmed: pending } : { refusal };
}

export const NOTHING_TO_CONFIRM =
  "No action is waiting for this code: it is unknown, already used or expired. Request the action again.";
