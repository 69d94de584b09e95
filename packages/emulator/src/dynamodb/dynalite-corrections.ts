import db, { type DynaliteFault, type Item, type Table } from "dynalite/db";
import { types as deleteTypes } from "dynalite/validations/deleteItem";
import { types as putTypes } from "dynalite/validations/putItem";
import { types as updateTypes } from "dynalite/validations/updateItem";

/*
 * Corrections of dynalite, by replacing functions that its operations call by way of this module:
 * - An empty value of an index key is invalid. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.WritingData
 * - A value is nested at most 32 levels. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 * - ReturnValuesOnConditionCheckFailure returns the item. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export function correctDynalite(): void {
  const { checkConditional, updateIndexes, validateItem } = db;

  for (const types of [deleteTypes, putTypes, updateTypes]) {
    types.ReturnValuesOnConditionCheckFailure = { type: "String", enum: ["ALL_OLD", "NONE"] };
  }
  db.checkConditional = (data, existing) => {
    const fault = checkConditional(data, existing);
    if (fault && existing && data.ReturnValuesOnConditionCheckFailure === "ALL_OLD") fault.body.Item = existing;
    return fault;
  };

  db.validateItem = (item, table) =>
    validateItem(item, table) ??
    nestingFault(item) ??
    emptyKeyFault(table, item, "A value specified for a secondary index key is not supported.");
  // An update has no complete item before this point. A value that it does not change is not checked.
  db.updateIndexes = (...args) => {
    const [, table, previous, item, done] = args;
    const changed = Object.entries(item ?? {}).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(previous?.[name]),
    );
    const reason = "The update expression attempted to update a secondary index key to a value that is not supported.";
    const fault = nestingFault(item ?? {}) ?? emptyKeyFault(table, Object.fromEntries(changed), reason);
    if (fault) done(fault);
    else updateIndexes(...args);
  };
}

const LEVELS_MAX = 32;

const nestingFault = (item: Item): DynaliteFault | undefined =>
  Object.values(item).some((value) => isDeeper(value, LEVELS_MAX))
    ? db.validationError("Nesting Levels have exceeded supported limits")
    : undefined;

/** Each list and each map is one level. */
function isDeeper({ L, M }: Readonly<Record<string, unknown>>, levels: number): boolean {
  if (L === undefined && M === undefined) return false;
  if (levels === 0) return true;
  return Object.values((L ?? M) as object).some((inner) => isDeeper(inner, levels - 1));
}

const KINDS: Readonly<Record<string, string>> = { S: "string", B: "binary" };

function emptyKeyFault(table: Table, item: Item, reason: string): DynaliteFault | undefined {
  for (const { IndexName, KeySchema } of indexesOf(table)) {
    for (const { AttributeName } of KeySchema) {
      const [type, value] = Object.entries(item[AttributeName] ?? {})[0] ?? [];
      if (value !== "" || type === undefined || KINDS[type] === undefined) continue;
      return db.validationError(
        `One or more parameter values are not valid. ${reason} The AttributeValue for a key attribute cannot contain an empty ${KINDS[type]} value. IndexName: ${IndexName}, IndexKey: ${AttributeName}`,
      );
    }
  }
  return undefined;
}

const indexesOf = ({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: Table) =>
  [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].sort((a, b) => (a.IndexName < b.IndexName ? -1 : 1));
