import { holds } from "./conditions.ts";
import { type Context, matchesGlob, matchesResource, resolve } from "./patterns.ts";
import type { Patterns, Statement } from "./policy.ts";

/** A permission that a request needs. */
export interface Access {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** The values of condition keys. */
  readonly context?: Context;
}

export type Decision = "allowed" | "explicit-deny" | "not-granted";

/** A Deny overrides every Allow, and without an Allow access is denied. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function evaluate(statements: readonly Statement[], access: Access): Decision {
  const effects = statements.filter((statement) => applies(statement, access)).map(({ effect }) => effect);
  if (effects.includes("Deny")) return "explicit-deny";
  return effects.includes("Allow") ? "allowed" : "not-granted";
}

/** Action names are not case-sensitive; resources are. */
const applies = ({ actions, resources, conditions }: Statement, { action, resource, context = {} }: Access): boolean =>
  fits(actions, (pattern) => matchesGlob(pattern.toLowerCase(), action.toLowerCase())) &&
  fits(resources, (pattern) => {
    const resolved = resolve(pattern, context);
    return resolved !== undefined && matchesResource(resolved, resource);
  }) &&
  conditions.every((condition) => holds(condition, context));

const fits = ({ negated, patterns }: Patterns, matches: (pattern: string) => boolean): boolean =>
  patterns.some(matches) !== negated;
