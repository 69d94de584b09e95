import { type Attributes, block, blocks, type Resources, type Value } from "./configuration.ts";

/** A DynamoDB table. */
export interface TableConfig {
  readonly name: string;
  readonly keys: readonly TableKey[];
  readonly indexes: readonly IndexConfig[];
  /** The TTL attribute, if TTL is on. */
  readonly ttlAttribute: string | undefined;
}

/** A secondary index. A local index has the partition key of the table. */
export interface IndexConfig {
  readonly kind: "global" | "local";
  readonly name: string;
  readonly keys: readonly TableKey[];
  readonly projection: "ALL" | "KEYS_ONLY" | "INCLUDE";
  readonly attributes: readonly string[];
}

export interface TableKey {
  readonly attribute: string;
  readonly role: "HASH" | "RANGE";
  readonly type: "S" | "N" | "B";
}

export const tablesOf = (resources: Resources): TableConfig[] =>
  Object.values(resources.aws_dynamodb_table ?? {}).map((table) => ({
    name: String(table.name),
    keys: keysOf(table, table),
    indexes: [
      ...blocks(table.global_secondary_index).map((index) => indexOf("global", index, table)),
      ...blocks(table.local_secondary_index).map((index) => indexOf("local", index, table)),
    ],
    ttlAttribute: ttlOf(block(table.ttl)),
  }));

const indexOf = (kind: IndexConfig["kind"], index: Attributes, table: Attributes): IndexConfig => ({
  kind,
  name: String(index.name),
  keys: keysOf({ hash_key: table.hash_key as Value, ...index }, table),
  projection: index.projection_type as IndexConfig["projection"],
  attributes: (index.non_key_attributes ?? []) as string[],
});

const keysOf = ({ hash_key, range_key }: Attributes, table: Attributes): TableKey[] =>
  (
    [
      [hash_key, "HASH"],
      [range_key, "RANGE"],
    ] as const
  )
    .filter(([attribute]) => (attribute ?? undefined) !== undefined)
    .map(([attribute, role]) => ({ attribute: String(attribute), role, type: typeOf(String(attribute), table) }));

function typeOf(attribute: string, table: Attributes): TableKey["type"] {
  const definition = blocks(table.attribute).find(({ name }) => name === attribute);
  if (definition) return definition.type as TableKey["type"];
  throw new Error(
    `The table ${table.name} has the key ${attribute}, but no block "attribute" that declares its type. Add one.`,
  );
}

const ttlOf = ({ enabled, attribute_name }: Attributes): string | undefined =>
  enabled === true ? String(attribute_name) : undefined;
