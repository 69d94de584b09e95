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
  readonly #places = new Map<string, number>();
  readonly #expressions = new Map<string, Expressions>();
  readonly #pageItems: number;
  /** Called before each write, which it can fail. */
  beforeWrite: () => void = () => undefined;

  constructor(pageItems: number) {
    this.#pageItems = pageItems;
  }

  put(item: Item): void {
    const id = idOf(item);
    if (!this.items.has(id)) this.#places.set(id, this.#ids.push(id));
    this.items.set(id, item);
  }

  readonly scan: Scan = async ({ after }) => {
    const start = after ? (this.#places.get(idOf(after)) ?? 0) : 0;
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
    const { Key = {}, ExpressionAttributeValues = {} } = input;
    const key = unmarshall(Key) as Item;
    const values = unmarshall(ExpressionAttributeValues);
    const item: Attributes & Pick<Item, "pk" | "sk"> = { ...key, ...this.items.get(idOf(key)) };
    const { conditions, sets, removed } = this.#parsed(input);
    if (!conditions.every((holds) => holds(item, values))) {
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    }
    for (const [name, value] of sets) item[name] = values[value];
    for (const name of removed) item[name] = undefined;
    this.put(item);
  }

  /** Each expression is parsed once. */
  #parsed(input: UpdateItemCommandInput): Expressions {
    const { UpdateExpression = "", ConditionExpression = "", ExpressionAttributeNames = {} } = input;
    const text = [UpdateExpression, ConditionExpression, Object.values(ExpressionAttributeNames)].join("|");
    const parsed =
      this.#expressions.get(text) ?? parse(UpdateExpression, ConditionExpression, ExpressionAttributeNames);
    this.#expressions.set(text, parsed);
    return parsed;
  }
}

interface Expressions {
  readonly conditions: readonly ((item: Attributes, values: Attributes) => boolean)[];
  readonly sets: readonly (readonly [name: string, value: string])[];
  readonly removed: readonly string[];
}

function parse(update: string, condition: string, names: Readonly<Record<string, string>>): Expressions {
  const nameOf = (text = ""): string => names[text] ?? text;
  const [, set = "", removed = ""] = /^(?:SET (.*?))? *(?:REMOVE (.*))?$/.exec(update) ?? [];
  return {
    conditions: condition.split(" AND ").filter(Boolean).map(conditionOf),
    sets: [...set.matchAll(/(\S+) = (:\w+)/g)].map(([, name, value = ""]) => [nameOf(name), value]),
    removed: removed.split(", ").filter(Boolean).map(nameOf),
  };

  function conditionOf(text: string): Expressions["conditions"][number] {
    const absent = /^attribute_not_exists\((\S+)\)$/.exec(text);
    if (absent) return (item) => item[nameOf(absent[1])] === undefined;
    const [, name, operator, value = ""] = /^(\S+) ([=>]) (:\w+)$/.exec(text) ?? [];
    if (operator === undefined) throw new Error(`This table does not support the condition ${text}.`);
    const stored = nameOf(name);
    if (operator === "=") return (item, values) => item[stored] === values[value];
    return (item, values) => Number(item[stored]) > Number(values[value]);
  }
}
