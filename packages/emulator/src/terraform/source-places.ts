import { join, relative } from "node:path";
import type { Module } from "./language/module.ts";

/** Returns a sentence with the file and line of the first block that it names. */
export type Locate = (sentence: string) => string;

/** Blocks in JSON syntax have no line, so they are not located. */
export function locateIn(root: string, modules: readonly Module[]): Locate {
  const places = new Map<string, string>();
  for (const module of modules) {
    for (const [local, { file, line }] of module.tree.files.places) {
      const path = relative(root, join(module.tree.files.folder, file));
      if (line !== undefined) places.set(withoutKeys(module.address(local)), `${path}:${line}`);
    }
  }
  return (sentence) => {
    // An expression can name blocks, too, but the sentence is about the block that contains it.
    const masked = sentence.replace(/\$\{.*\}(?= in )/, (expression) => " ".repeat(expression.length));
    for (const { 0: token, index } of masked.matchAll(ADDRESS)) {
      const place = placeOf(token, places);
      const end = index + token.length;
      if (place !== undefined) return `${sentence.slice(0, end)} (${place})${sentence.slice(end)}`;
    }
    return sentence;
  };
}

const ADDRESS = /[\w-]+(?:\[[^\]]*\])?(?:\.[\w-]+(?:\[[^\]]*\])?)+/g;

const withoutKeys = (address: string): string => address.replaceAll(/\[[^\]]*\]/g, "");

/** The place of the block that contains an attribute. */
function placeOf(token: string, places: ReadonlyMap<string, string>): string | undefined {
  const parts = withoutKeys(token).split(".");
  const addresses = parts.map((_, index) => parts.slice(0, parts.length - index).join("."));
  const found = addresses.find((address) => places.has(address));
  return found === undefined ? undefined : places.get(found);
}
