import type { TerraformFunction } from "../terraform-function.ts";
import { EvaluationFault, type Result, toList, toNumber, toText } from "../values.ts";
import { format } from "./format.ts";

const text = (args: readonly Result[], index = 0): string => toText(args[index] ?? null);

/** Converts Go's syntax of regular expressions (RE2) to JavaScript's. */
function pattern(source: string, flags: string): RegExp {
  const [, modifiers = "", rest = ""] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(source) ?? [];
  const converted = rest
    .replaceAll("(?P<", "(?<")
    .replaceAll("[:alpha:]", "a-zA-Z")
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:alnum:]", "a-zA-Z0-9")
    .replaceAll("[:space:]", "\\s")
    .replaceAll("\\z", "$")
    .replaceAll("\\A", "^");
  try {
    return new RegExp(converted, flags + modifiers);
  } catch {
    throw new EvaluationFault(`The regular expression ${JSON.stringify(source)} is invalid or not supported.`);
  }
}

/** The whole match, or the groups: by name if they have names. */
function captures({ 0: whole, groups, length, ...rest }: RegExpMatchArray): Result {
  if (groups) return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, value ?? null]));
  if (length === 1) return whole ?? "";
  return Array.from({ length: length - 1 }, (_, index) => (rest as unknown as string[])[index + 1] ?? null);
}

function firstMatch(source: string, value: string): Result {
  const found = pattern(source, "").exec(value);
  if (!found) throw new EvaluationFault(`The regular expression ${JSON.stringify(source)} does not match.`);
  return captures(found);
}

/** Text between slashes is a regular expression, and `$1` or `${name}` in the replacement a group. */
function replace(value: string, from: string, to: string): string {
  if (!(from.length > 1 && from.startsWith("/") && from.endsWith("/"))) return value.replaceAll(from, () => to);
  const own = pattern(from.slice(1, -1), "g");
  return value.replaceAll(own, (...found: unknown[]) => {
    const groups = (typeof found.at(-1) === "object" ? found.at(-1) : {}) as Record<string, string>;
    return to.replaceAll(/\$(?:\{(\w+)\}|(\w+)|\$)/g, (token, braced?: string, bare?: string) => {
      if (token === "$$") return "$";
      const name = braced ?? bare ?? "";
      return String((/^\d+$/.test(name) ? found[Number(name)] : groups[name]) ?? "");
    });
  });
}

function substring(value: string, offset: number, length: number): string {
  const characters = [...value];
  const start = offset < 0 ? Math.max(0, characters.length + offset) : offset;
  return characters.slice(start, length < 0 ? undefined : start + length).join("");
}

/** Removes the characters of a set from both ends. */
function trim(value: string, set: string): string {
  const characters = [...value];
  const isKept = (character: string) => !set.includes(character);
  const first = characters.findIndex(isKept);
  return first < 0 ? "" : characters.slice(first, characters.findLastIndex(isKept) + 1).join("");
}

const without = (value: string, part: string, isAtStart: boolean): string => {
  const has = isAtStart ? value.startsWith(part) : value.endsWith(part);
  if (!has) return value;
  return isAtStart ? value.slice(part.length) : value.slice(0, value.length - part.length);
};

/** Formats each combination of the lists' elements at one index. A value that is not a list is repeated. */
function formatList([spec = null, ...values]: readonly Result[]): Result {
  const lists = values.filter((value) => Array.isArray(value)).map(toList);
  const lengths = new Set(lists.map(({ length }) => length));
  if (lengths.size > 1) throw new EvaluationFault("The lists have different lengths.");
  const [length = 1] = lengths;
  return Array.from({ length }, (_, index) =>
    format(
      toText(spec),
      values.map((value) => (Array.isArray(value) ? ((value as Result[])[index] ?? null) : value)),
    ),
  );
}

/** https://developer.hashicorp.com/terraform/language/functions, "String Functions" */
export const textFunctions: Readonly<Record<string, TerraformFunction>> = {
  chomp: (args) => text(args).replace(/[\r\n]+$/, ""),
  endswith: (args) => text(args).endsWith(text(args, 1)),
  format: ([spec = null, ...values]) => format(toText(spec), values),
  formatlist: formatList,
  indent: ([spaces = null, value = null]) => toText(value).replaceAll("\n", `\n${" ".repeat(toNumber(spaces))}`),
  join: ([separator = null, ...lists]) => lists.flatMap(toList).map(toText).join(toText(separator)),
  lower: (args) => text(args).toLowerCase(),
  regex: (args) => firstMatch(text(args), text(args, 1)),
  regexall: (args) => [...text(args, 1).matchAll(pattern(text(args), "g"))].map(captures),
  replace: (args) => replace(text(args), text(args, 1), text(args, 2)),
  split: (args) => text(args, 1).split(text(args)),
  startswith: (args) => text(args).startsWith(text(args, 1)),
  strcontains: (args) => text(args).includes(text(args, 1)),
  strrev: (args) => [...text(args)].reverse().join(""),
  substr: ([value = null, offset = null, length = null]) =>
    substring(toText(value), toNumber(offset), toNumber(length)),
  title: (args) => text(args).replaceAll(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase()),
  trim: (args) => trim(text(args), text(args, 1)),
  trimprefix: (args) => without(text(args), text(args, 1), true),
  trimspace: (args) => text(args).trim(),
  trimsuffix: (args) => without(text(args), text(args, 1), false),
  upper: (args) => text(args).toUpperCase(),
};
