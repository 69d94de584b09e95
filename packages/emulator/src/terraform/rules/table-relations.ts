import { list } from "../../iam/document.ts";
import { type Attributes, block, blocks } from "../configuration.ts";
import { type Rule, shown } from "./constraints.ts";

const API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/";
const TABLE = `${API}API_CreateTable.html`;

/** Each declared attribute must be in a key, and each key must be declared. */
function tableKeys(table: Attributes): ReturnType<Rule> {
  const indexes = [...blocks(table.global_secondary_index), ...blocks(table.local_secondary_index)];
  const used = [table, ...indexes]
    .flatMap((each) => [each.hash_key, each.range_key])
    .filter((key) => (key ?? undefined) !== undefined);
  const declared = blocks(table.attribute).map(({ name }) => name);
  const idle = declared.filter((name) => !used.includes(name));
  const undeclared = [...new Set(used)].filter((key) => !declared.includes(key));
  const twice = declared.filter((name, index) => declared.indexOf(name) !== index);
  return [
    ...idle.map(
      (name) =>
        `The attribute ${shown(name)} is declared but not part of a key. Remove it: DynamoDB requires that every declared attribute is part of a key.`,
    ),
    ...undeclared.map((key) => `The key ${shown(key)} has no "attribute" block that declares its type. Add it.`),
    ...twice.map((name) => `The attribute ${shown(name)} is declared twice. Remove one.`),
    ...[table, ...indexes]
      .filter(({ hash_key, range_key }) => hash_key !== undefined && hash_key === range_key)
      .map(
        ({ hash_key }) => `The attribute ${shown(hash_key)} is both partition key and sort key. Use two attributes.`,
      ),
  ].map((problem) => ({ problem, rule: TABLE }));
}

function tableIndexes(table: Attributes): ReturnType<Rule> {
  const local = blocks(table.local_secondary_index);
  const indexes = [...blocks(table.global_secondary_index), ...local];
  const names = indexes.map(({ name }) => name);
  const without = (list: readonly Attributes[], key: string) =>
    list.filter((each) => (each[key] ?? undefined) === undefined);
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `Two indexes have the name ${shown(name)}. Rename one.`),
    ...without(indexes, "name").map(() => 'An index has no "name". Set it.'),
    ...without(indexes, "projection_type").map(
      ({ name }) => `The index ${shown(name)} has no "projection_type". Set it.`,
    ),
    ...without(blocks(table.global_secondary_index), "hash_key").map(
      ({ name }) => `The index ${shown(name)} has no "hash_key". Set it.`,
    ),
    ...without(local, "range_key").map(({ name }) => `The local index ${shown(name)} has no "range_key". Set it.`),
    ...local
      .filter(({ range_key }) => range_key === table.hash_key)
      .map(
        ({ name }) =>
          `The local index ${shown(name)} has the table's partition key as its sort key. Use another attribute.`,
      ),
    ...(local.length > 0 && (table.range_key ?? undefined) === undefined
      ? ["It has a local index, but no sort key. Local indexes require a sort key of the table."]
      : []),
    ...indexes
      .filter(
        ({ projection_type, non_key_attributes }) =>
          (projection_type === "INCLUDE") !== list(non_key_attributes ?? undefined).length > 0,
      )
      .map(
        ({ name, projection_type }) =>
          `The index ${shown(name)} has the projection ${shown(projection_type)}. INCLUDE requires "non_key_attributes", and other projections do not allow it.`,
      ),
  ].map((problem) => ({ problem, rule: TABLE }));
}

function tableCapacity({ billing_mode = "PROVISIONED", ttl, ...table }: Attributes): ReturnType<Rule> {
  const provisioned = [table, ...blocks(table.global_secondary_index)].flatMap((each) =>
    ["read_capacity", "write_capacity"]
      .filter((name) => !(Number(each[name]) >= 1))
      .map((name) => `"${name}"${each === table ? "" : ` of the index ${shown(each.name)}`} is ${shown(each[name])}.`),
  );
  const { enabled, attribute_name: attribute } = block(ttl);
  return [
    ...(billing_mode === "PROVISIONED" ? provisioned : []).map((received) => ({
      problem: `${received} The billing mode PROVISIONED requires at least 1. Set it, or use PAY_PER_REQUEST.`,
      rule: TABLE,
    })),
    ...(enabled === true && !attribute
      ? [
          {
            problem: '"ttl" is enabled without an "attribute_name". Set it.',
            rule: `${API}API_TimeToLiveSpecification.html`,
          },
        ]
      : []),
  ];
}

/** Rules of DynamoDB that relate several attributes of a table. */
export const tableRules: readonly Rule[] = [tableKeys, tableIndexes, tableCapacity];
