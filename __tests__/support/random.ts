/** The seed of generated tests. */
export const SEED = Number(process.env.FC_SEED ?? 4);

/** A source of random numbers that are the same for the same seed. */
export interface Random {
  /** From 0 up to `end`, exclusive. */
  below(end: number): number;
  pick<Item>(items: readonly Item[]): Item;
  bytes(count: number): Buffer;
}

/** The generator mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    pick: (items) => items[below(items.length)] as never,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}
