import { ConditionalCheckFailedException, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Table } from "../../aws/table/table.ts";
import type { Item } from "../../scripts/user/relations.ts";
import type { Scan } from "../../scripts/user/scan.ts";

type Attributes = Record<string, unknown>;

const idOf = ({ pk, sk }: Pick<Item, "pk" | "sk">): string => `${pk} ${sk}`;

/**
 * A table as a Map, for tests with more items than dynalite can handle in seconds. It supports UpdateItem with the
 * expressions that an erasure uses, and scans in one segment in the order of insertion.
 */
export class PlainTable implements Table {
  readonly name = "plain";
  readonly items = new Map<string, Attributes>();
  readonly #ids: string[] = [];
  readonly #pageItems: number;
  /** Called before each write, which it can fail. */
  beforeWrite: () => void = () => undefined;

  constructor(pageItems: number) {
    this.#pageItems = pageItems;
  }

  put(item: Item): void {
    const id = idOf(item);
    if (!this.items.has(id)) this.#ids.push(id);
    this.items.set(id, item);
  }

  readonly scan: Scan = async ({ after }) => {
    const start = after ? this.#ids.indexOf(idOf(after)) + 1 : 0;
    const items = this.#ids.slice(start, start + this.#pageItems).map((id) => this.items.get(id) as Item);
    const last = items.at(-1);
    return { items, ...(items.length === this.#pageItems && last && { next: { pk: last.pk, sk: last.sk } }) };
  };

  readonly send: Table["send"] = async (operation, input) => {
    if (operation !== "UpdateItem") throw new Error(`This table does not support ${operation}.`);
    this.beforeWrite();
    this.#update(input as UpdateItemCommandInput);
    return { $metadata: {} } as never;
  };

  #update(input: UpdateItemCommandInput): void {
    const { Key = {}, UpdateExpression = "", ConditionExpression, ExpressionAttributeNames = {} } = input;
    const key = unmarshall(Key) as Item;
    const values = unmarshall(input.ExpressionAttributeValues ?? {});
    const item: Attributes & Pick<Item, "pk" | "sk"> = { ...key, ...this.items.get(idOf(key)) };
    const nameOf = (text = ""): string => ExpressionAttributeNames[text] ?? text;
    const holds = (condition: string): boolean => {
      const absent = /^attribute_not_exists\((\S+)\)$/.exec(condition);
      if (absent) return item[nameOf(absent[1])] === undefined;
      const [, name, operator, value = ""] = /^(\S+) ([=>]) (:\w+)$/.exec(condition) ?? [];
      if (operator === undefined) throw new Error(`This table does not support the condition ${condition}.`);
      const stored = item[nameOf(name)];
      return operator === "=" ? stored === values[value] : Number(stored) > values[value];
    };
    if (ConditionExpression?.split(" AND ").every(holds) === false) {
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    }
    const [, set = "", removed = ""] = /^(?:SET (.*?))? *(?:REMOVE (.*))?$/.exec(UpdateExpression) ?? [];
    for (const [, name, value = ""] of set.matchAll(/(\S+) = (:\w+)/g)) item[nameOf(name)] = values[value];
    for (const name of removed.split(", ")) item[nameOf(name)] = undefined;
    this.put(item);
  }
}
