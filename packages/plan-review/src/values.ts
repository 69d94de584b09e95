import { type Phrase, value } from "./phrase.ts";
import type { Change } from "./plan.ts";

/** A value as the review shows it. */
export type Shown = { readonly text: string } | "sensitive" | "known after apply" | "nothing";

/** One value of a resource, before and after. */
export interface Difference {
  /** `environment.variables.TABLE_NAME` */
  readonly path: string;
  readonly before: Shown;
  readonly after: Shown;
}

/** `raw` is compared and never shown. */
interface Leaf {
  readonly raw: string;
  readonly shown: Shown;
}

type Tree = Readonly<Record<string, unknown>>;

const NOTHING: Leaf = { raw: "", shown: "nothing" };

const isTree = (node: unknown): node is Tree => typeof node === "object" && node !== null;

/** Whether the configuration sets an attribute. The provider or AWS generates the values of other attributes. */
export type IsConfigured = (attribute: string) => boolean;

/** All values that differ, except generated ones. A value that is sensitive on one side is hidden on both. */
export function differencesOf(change: Change, isConfigured: IsConfigured = () => true): Difference[] {
  const sensitive = united(change.before_sensitive, change.after_sensitive);
  const before = leavesOf(change.before, { sensitive, other: change.after });
  const after = leavesOf(change.after, { sensitive, unknown: change.after_unknown, other: change.before });
  const isGenerated = (path: string, { shown }: Leaf): boolean =>
    !isConfigured(path.split(".", 1)[0] as string) &&
    (shown === "known after apply" || (shown === "nothing" && change.actions.length > 1));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path) ?? NOTHING, after.get(path) ?? NOTHING];
    if (isSame(old, now) || isGenerated(path, now)) return [];
    return [{ path: shortened(path), before: old.shown, after: now.shown }];
  });
}

/** Removes the index 0 from a path, because most blocks occur only once. */
export const shortened = (path: string): string => path.replaceAll(/\.0(?=\.|$)/g, "");

/** For an attribute that was never set, provider versions report null, an empty string, false or 0. */
const isSame = (old: Leaf, now: Leaf): boolean =>
  old.raw === now.raw || [old, now].every(({ raw }) => ["", "false", "0"].includes(raw));

interface Marks {
  readonly sensitive: unknown;
  readonly unknown?: unknown;
  /** The same value on the other side of the change. */
  readonly other?: unknown;
}

/** All values of a tree, by path. A string that contains JSON is also a tree. */
function leavesOf(node: unknown, marks: Marks, path = ""): Map<string, Leaf> {
  if (marks.sensitive === true) return new Map([[path, { raw: JSON.stringify(node ?? ""), shown: "sensitive" }]]);
  if (marks.unknown === true) return new Map([[path, { raw: "known after apply", shown: "known after apply" }]]);
  const tree = isTree(node) ? node : parsedLike(node, marks.other);
  if (!tree && !isTree(marks.unknown)) return new Map(isNothing(node) ? [] : [[path, leafOf(node)]]);
  const keys = new Set([...Object.keys(tree ?? {}), ...(isTree(marks.unknown) ? Object.keys(marks.unknown) : [])]);
  return new Map(
    [...keys].flatMap((key) => {
      const other = isTree(marks.other) ? marks.other : parsed(marks.other);
      const below = {
        sensitive: markOf(marks.sensitive, key),
        unknown: markOf(marks.unknown, key),
        other: other?.[key],
      };
      return [...leavesOf(tree?.[key], below, path === "" ? key : `${path}.${key}`)];
    }),
  );
}

/** The marks below a key. A mark on an object applies to all its attributes. */
export const markOf = (marks: unknown, key: string): unknown => (isTree(marks) ? marks[key] : marks);

const isNothing = (node: unknown): boolean => node === null || node === undefined || node === "";

const leafOf = (node: unknown): Leaf => ({ raw: String(node), shown: { text: String(node) } });

/** A string that contains JSON, unless the other side is a word, such as "off": the two can only be compared as a whole. */
const parsedLike = (node: unknown, other: unknown): Tree | undefined =>
  isNothing(other) || isTree(other) || parsed(other) ? parsed(node) : undefined;

function parsed(node: unknown): Tree | undefined {
  if (typeof node !== "string" || !/^\s*[{[]/.test(node)) return undefined;
  try {
    return JSON.parse(node);
  } catch {
    return undefined;
  }
}

/** Sensitive if either side is sensitive. */
function united(one: unknown, other: unknown): unknown {
  if (one === true || other === true) return true;
  if (!isTree(one) || !isTree(other)) return isTree(one) ? one : other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, united(one[key], other[key])]));
}

/** Whether this value or any value below it is marked. */
export const isMarked = (marks: unknown): boolean =>
  marks === true || (isTree(marks) && Object.values(marks).some(isMarked));

export const shownPhrase = (shown: Shown): Phrase => {
  if (typeof shown === "object") return value(shown.text);
  return [shown === "sensitive" ? "a sensitive value" : shown];
};
