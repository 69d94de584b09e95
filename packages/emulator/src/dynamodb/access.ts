import type { Access } from "../iam/evaluate.ts";
import { type Place, partitionOf } from "../terraform/computed.ts";
import type { TableConfig, TableKey } from "../terraform/tables.ts";

/** The access of an operation to one table. */
interface TableAccess {
  readonly operation: string;
  readonly table: string;
  readonly index?: string | undefined;
  /** What a query or a scan returns, such as `COUNT`. */
  readonly select?: string | undefined;
  /** The partition keys in the request. */
  readonly keysOf: (hashKey: string) => readonly (string | undefined)[];
}

/** An attribute as DynamoDB writes it: `{"S": "text"}`. */
type Attributes = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Attributes>>;

/** The two formats of a query's conditions. */
interface QueryBody {
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  /** The legacy format. */
  readonly KeyConditions?: Readonly<Record<string, { readonly AttributeValueList?: readonly Attributes[] }>>;
}

/** The part of a request's body that determines its permissions. It is not validated yet. */
interface Body extends QueryBody {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Select?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly RequestItems?: Readonly<Record<string, RequestItems>>;
  readonly TransactItems?: readonly Readonly<Record<string, Body>>[];
}

type RequestItems = { readonly Keys?: readonly Item[] } | readonly Readonly<Record<string, Body>>[];

const ITEM_OPERATIONS = ["PutItem", "GetItem", "UpdateItem", "DeleteItem"];
const LISTS = ["ListTables", "ListBackups"];
const TABLE_OPERATIONS = [
  ...["Scan", "DescribeTable", "CreateTable", "DeleteTable", "UpdateTable"],
  ...["DescribeTimeToLive", "DescribeContinuousBackups"],
];
const BATCH_OPERATIONS = ["BatchGetItem", "BatchWriteItem"];
const TRANSACTION_OPERATIONS = ["TransactGetItems", "TransactWriteItems"];

export const OPERATIONS: readonly string[] = [
  ...LISTS,
  "Query",
  ...ITEM_OPERATIONS,
  ...TABLE_OPERATIONS,
  ...BATCH_OPERATIONS,
  ...TRANSACTION_OPERATIONS,
];

/**
 * Returns the permissions that a request needs: actions on tables and indexes, with partition keys.
 * Undefined for an unsupported operation. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function accessesOf(
  { operation, body }: { readonly operation: string; readonly body: unknown },
  { tables, place }: { readonly tables: readonly TableConfig[]; readonly place: Place },
): readonly Access[] | undefined {
  return tableAccessesOf(operation, (body ?? {}) as Body)?.map((access) => {
    const name = access.table.replace(/^arn:.*:table\//, "");
    const arn = `arn:${partitionOf(place.region).name}:dynamodb:${place.region}:${place.accountId}:table/${name}`;
    const hashKey = hashKeyOf(tables, name, access.index);
    const keys = access.keysOf(hashKey).filter((key) => key !== undefined);
    const context = {
      ...(keys.length > 0 && { "dynamodb:leadingkeys": keys }),
      ...(typeof access.select === "string" && { "dynamodb:select": [access.select] }),
    };
    return {
      action: `dynamodb:${access.operation}`,
      resource: access.index === undefined ? arn : `${arn}/index/${access.index}`,
      ...(Object.keys(context).length > 0 && { context }),
    };
  });
}

function tableAccessesOf(operation: string, body: Body): readonly TableAccess[] | undefined {
  const table = body.TableName ?? "";
  if (LISTS.includes(operation)) return [{ operation, table: "*", keysOf: () => [] }];
  const { IndexName: index, Select: select } = body;
  if (TABLE_OPERATIONS.includes(operation)) return [{ operation, table, index, select, keysOf: () => [] }];
  if (ITEM_OPERATIONS.includes(operation)) return [ofItem(operation, body)];
  if (operation === "Query") {
    return [{ operation, table, index, select, keysOf: (hashKey) => [partitionKeyOf(body, hashKey)] }];
  }
  if (BATCH_OPERATIONS.includes(operation)) return Object.entries(body.RequestItems ?? {}).map(ofBatch(operation));
  if (TRANSACTION_OPERATIONS.includes(operation)) return (body.TransactItems ?? []).flatMap(ofTransaction);
  return undefined;
}

const ofItem = (operation: string, body: Body): TableAccess => ({
  operation,
  table: body.TableName ?? "",
  keysOf: (hashKey) => [textOf(itemOf(operation, body)?.[hashKey])],
});

const ofBatch =
  (operation: string) =>
  ([table, requests]: [string, RequestItems]): TableAccess => ({
    operation,
    table,
    keysOf: (hashKey) => itemsOf(requests).map((item) => textOf(item[hashKey])),
  });

function itemsOf(requests: RequestItems): readonly Item[] {
  if ("Keys" in requests) return requests.Keys ?? [];
  return (requests as readonly Readonly<Record<string, Body>>[]).flatMap((request) =>
    Object.entries(request).map(([verb, body]) => itemOf(verb, body) ?? {}),
  );
}

/** A put has its key in the item. Trap: all other verbs ignore an `Item` beside their `Key`. */
const itemOf = (verb: string, { Item, Key }: Body): Item | undefined => (verb.startsWith("Put") ? Item : Key);

/** Each part of a transaction needs the permissions that it would need as a request of its own. */
const ofTransaction = (item: Readonly<Record<string, Body>>): TableAccess[] =>
  Object.entries(item).map(([verb, body]) => ofItem(`${verb}Item`, body));

/** For a table that is not in the stack, any name works, because the request fails anyway. */
function hashKeyOf(tables: readonly TableConfig[], name: string, index: string | undefined): string {
  const table = tables.find((each) => each.name === name);
  const keys = index === undefined ? table?.keys : table?.indexes.find((each) => each.name === index)?.keys;
  return (keys as readonly TableKey[] | undefined)?.[0]?.attribute ?? "";
}

/** DynamoDB rejects longer expressions, and the search for an equality takes quadratic time. */
const EXPRESSION_LENGTH_MAX = 4_096;

const EQUALITY = /([#:\w.-]+)\s*=\s*([#:\w.-]+)/g;

/**
 * The partition key in a query's conditions; undefined if there is none, which DynamoDB rejects.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
function partitionKeyOf(query: QueryBody, hashKey: string): string | undefined {
  const { KeyConditionExpression = "", ExpressionAttributeNames: names = {}, KeyConditions = {} } = query;
  const values = query.ExpressionAttributeValues ?? {};
  if (KeyConditionExpression.length > EXPRESSION_LENGTH_MAX) return undefined;
  // Parentheses can enclose any part, and do not affect an equality.
  for (const [, left = "", right = ""] of KeyConditionExpression.replaceAll(/[()]/g, " ").matchAll(EQUALITY)) {
    const [name, value] = left.startsWith(":") ? [right, left] : [left, right];
    if ((names[name] ?? name) === hashKey) return textOf(values[value]);
  }
  return textOf(KeyConditions[hashKey]?.AttributeValueList?.[0]);
}

const textOf = (attribute: Attributes | undefined): string | undefined =>
  attribute && String(Object.values(attribute)[0]);
