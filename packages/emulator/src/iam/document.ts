/** A rule of AWS that a policy breaks. */
export interface Violation {
  /** The position in the policy, such as `Statement[0].Action`. */
  readonly place: string;
  /** A sentence: what was received, and what is allowed. */
  readonly problem: string;
  /** The page of AWS that states the rule. */
  readonly rule: string;
  /**
   * IAM accepts the policy, because it does not compare actions, resource types and condition keys. This part of the policy
   * has no effect. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html
   */
  readonly isAccepted?: true;
}

/**
 * The kind of a policy: permissions of a role are `identity`, its assume role policy is `trust`, and the policy of a queue,
 * topic, key, secret or bucket is `resource`.
 */
export type PolicyKind = "identity" | "trust" | "resource";

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export const GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Formats a value for an error message. */
export const shown = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/** Returns the elements of a value that can be alone or in a list. */
export const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** Returns the value as an object. `what` describes it, for the error. */
export function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new Error(`${what} is ${shown(value)}. It must be an object.`);
}
