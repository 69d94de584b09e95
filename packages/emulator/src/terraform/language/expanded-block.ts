import type { Result } from "./values.ts";

/** The instances of a block with `for_each` or `count`, or the only one. */
export interface Instances<Item> {
  readonly isSingle: boolean;
  readonly byCount: boolean;
  readonly all: ReadonlyMap<string | number, Item>;
}

/** The value of a reference to the block without a key: a map, a list, or the only instance. */
export function collected<Item>({ isSingle, byCount, all }: Instances<Item>, map: (item: Item) => Result): Result {
  const values = [...all.values()].map(map);
  if (isSingle) return values[0] as Result;
  if (byCount) return values;
  return Object.fromEntries([...all].map(([key, item]) => [key, map(item)]));
}

/** The key of an instance in its address. */
export const keyText = (key: string | number): string =>
  typeof key === "number" ? `[${key}]` : `[${JSON.stringify(key)}]`;
