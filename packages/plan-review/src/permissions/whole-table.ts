import type { Condition, Excepting } from "./statements.ts";

/**
 * Requests for these actions name partition keys, which `dynamodb:LeadingKeys` compares. `PartiQLSelect` is not one of
 * them, because a statement without a key reads the whole table.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const KEYED = [
  "BatchGetItem",
  "BatchWriteItem",
  "ConditionCheckItem",
  "DeleteItem",
  "GetItem",
  "PartiQLDelete",
  "PartiQLInsert",
  "PartiQLUpdate",
  "PutItem",
  "Query",
  "UpdateItem",
].map((action) => `dynamodb:${action}`.toLowerCase());

/** Wildcards that match only such actions. */
const KEYED_PATTERN = /^dynamodb:(.*item|batch.*|query.*)$/;

const LEADING_KEYS = "dynamodb:leadingkeys";

/**
 * Whether an action reaches all items of a table although a condition names keys. `ForAllValues` and `...IfExists` are true
 * for a request without such a key, such as a `Scan` or `DeleteTable`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function reachesWholeTable(action: Excepting, conditions: readonly Condition[]): boolean {
  const onKeys = conditions.filter(({ key }) => key.toLowerCase() === LEADING_KEYS);
  const isTrueWithoutKeys = onKeys.length > 0 && onKeys.every(holdsWithoutKey);
  return isTrueWithoutKeys && (action.isException || mayBeWithoutKeys(action.text.toLowerCase()));
}

/** Whether a condition is true for a request that lacks its key. */
export const holdsWithoutKey = ({ operator, values }: Condition): boolean =>
  operator === "Null" ? values.includes("true") : /^ForAllValues:|IfExists$/i.test(operator);

function mayBeWithoutKeys(action: string): boolean {
  const isOfTables = action.startsWith("dynamodb:") || /^[d?*]/.test(action);
  return isOfTables && !KEYED.includes(action) && !KEYED_PATTERN.test(action);
}
