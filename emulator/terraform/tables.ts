import type { Attributes, Resources } from "./configuration.ts";

/** A DynamoDB table. */
export interface TableConfig {
  readonly name: string;
  readonly keys: readonly TableKey[];
  /** The attribute with an item's end in epoch seconds, if its items end. */
  readonly ttlAttribute: string | undefined;
}

export interface TableKey {
  readonly attribute: string;
  readonly role: "HASH" | "RANGE";
  readonly type: "S" | "N" | "B";
}

export const tablesOf = (resources: Resources): TableConfig[] =>
  Object.values(resources.aws_dynamodb_table ?? {}).map((table) => ({
    name: String(table.name),
    keys: [keyOf(table, "hash_key", "HASH"), keyOf(table, "range_key", "RANGE")].filter((key) => key !== undefined),
    ttlAttribute: ttlOf(table.ttl as Attributes | undefined),
  }));

function keyOf(table: Attributes, name: "hash_key" | "range_key", role: TableKey["role"]): TableKey | undefined {
  const attribute = table[name];
  if (attribute === undefined) return undefined;
  const definitions = table.attribute as readonly Attributes[];
  const { type } = definitions.find((definition) => definition.name === attribute) ?? {};
  return { attribute: String(attribute), role, type: type as TableKey["type"] };
}

const ttlOf = (ttl: Attributes | undefined): string | undefined =>
  ttl?.enabled === true ? String(ttl.attribute_name) : undefined;
