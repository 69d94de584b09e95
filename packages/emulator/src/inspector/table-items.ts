import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { TableConfig } from "../terraform/tables.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/** The key of the last item that was read. */
type ReadPosition = Record<string, AttributeValue>;

export interface ItemsQuery {
  /** Only items with this text in one of their keys; empty for all. */
  readonly filter: string;
  /** The cursor of the previous page. */
  readonly after: string | undefined;
}

export interface ItemsPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Requests the next page; absent on the last one. */
  readonly next?: string;
}

const PAGE_ITEMS_MAX = 25;

/** How many items one page reads at most, so that a filter that matches nothing does not read a large table at once. */
const READ_ITEMS_MAX = 5_000;

/** Reads a page of the items of a table. Bypasses IAM, as the owner of the account can. */
export async function readItems(client: DynamoDBClient, table: TableConfig, query: ItemsQuery): Promise<ItemsPage> {
  const found: Item[] = [];
  let start: ReadPosition | undefined = query.after === undefined ? undefined : JSON.parse(query.after);
  for (let read = 0; read < READ_ITEMS_MAX; ) {
    const input = { TableName: table.name, Limit: 1_000, ...(start && { ExclusiveStartKey: start }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand(input));
    found.push(...Items.filter((item) => matches(item, table, query.filter)));
    const last = found[PAGE_ITEMS_MAX - 1];
    if (last && found.length > PAGE_ITEMS_MAX) return pageOf(found.slice(0, PAGE_ITEMS_MAX), keyOf(last, table));
    if (!LastEvaluatedKey) return pageOf(found);
    read += Items.length;
    start = LastEvaluatedKey;
  }
  return pageOf(found, start);
}

const pageOf = (items: readonly Item[], next?: Item): ItemsPage => ({
  items: items.map(plainItem),
  ...(next && { next: JSON.stringify(next) }),
});

const keyOf = (item: Item, { keys }: TableConfig): Item =>
  Object.fromEntries(keys.map(({ attribute }) => [attribute, item[attribute] as AttributeValue]));

const matches = (item: Item, { keys }: TableConfig, filter: string): boolean =>
  filter === "" || keys.some(({ attribute }) => String(plain(item[attribute])).includes(filter));

const plainItem = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

/** Numbers stay strings if JavaScript cannot represent them. Binary values are in base64. */
function plain(value: AttributeValue | undefined): unknown {
  if (value?.N !== undefined) return String(Number(value.N)) === value.N ? Number(value.N) : value.N;
  if (value?.M) return plainItem(value.M);
  if (value?.L) return value.L.map(plain);
  if (value?.B) return Buffer.from(value.B).toString("base64");
  if (value?.BS) return value.BS.map((each) => Buffer.from(each).toString("base64"));
  if (value?.NULL) return null;
  return value?.S ?? value?.BOOL ?? value?.SS ?? value?.NS;
}
