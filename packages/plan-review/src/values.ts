import { type Phrase, value } from "./phrase.ts";
import type { Change } from "./plan.ts";

/** What may be shown of a value. */
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

/** Whether somebody asked for an attribute. Of others the provider and AWS make up the value, at each making anew. */
export type IsAsked = (attribute: string) => boolean;

/** Every value that differs. What is sensitive on one side is hidden on both, and what is made up is left out. */
export function differencesOf(change: Change, isAsked: IsAsked = () => true): Difference[] {
  const sensitive = united(change.before_sensitive, change.after_sensitive);
  const before = leavesOf(change.before, { sensitive });
  const after = leavesOf(change.after, { sensitive, unknown: change.after_unknown });
  const isMadeUp = (path: string, { shown }: Leaf): boolean =>
    !isAsked(path.split(".", 1)[0] as string) &&
    (shown === "known after apply" || (shown === "nothing" && change.actions.length > 1));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path) ?? NOTHING, after.get(path) ?? NOTHING];
    if (isSame(old, now) || isMadeUp(path, now)) return [];
    return [{ path: shortened(path), before: old.shown, after: now.shown }];
  });
}

/** A path without the index of a block that is usually the only one of its kind. */
export const shortened = (path: string): string => path.replaceAll(/\.0(?=\.|$)/g, "");

/** An attribute that was never set reads as nothing, empty, no or none, as the provider's version has it. */
const isSame = (old: Leaf, now: Leaf): boolean =>
  old.raw === now.raw || [old, now].every(({ raw }) => ["", "false", "0"].includes(raw));

interface Marks {
  readonly sensitive: unknown;
  readonly unknown?: unknown;
}

/** The values of a tree by their paths. JSON in a text is a tree as well. */
function leavesOf(node: unknown, marks: Marks, path = ""): Map<string, Leaf> {
  if (marks.sensitive === true) return new Map([[path, { raw: JSON.stringify(node ?? ""), shown: "sensitive" }]]);
  if (marks.unknown === true) return new Map([[path, { raw: "known after apply", shown: "known after apply" }]]);
  const tree = isTree(node) ? node : parsed(node);
  if (!tree && !isTree(marks.unknown)) return new Map(isNothing(node) ? [] : [[path, leafOf(node)]]);
  const keys = new Set([...Object.keys(tree ?? {}), ...(isTree(marks.unknown) ? Object.keys(marks.unknown) : [])]);
  return new Map(
    [...keys].flatMap((key) => {
      const below = { sensitive: markOf(marks.sensitive, key), unknown: markOf(marks.unknown, key) };
      return [...leavesOf(tree?.[key], below, path === "" ? key : `${path}.${key}`)];
    }),
  );
}

/** The marks below a key. What is marked as a whole is marked in all its parts. */
export const markOf = (marks: unknown, key: string): unknown => (isTree(marks) ? marks[key] : marks);

const isNothing = (node: unknown): boolean => node === null || node === undefined || node === "";

const leafOf = (node: unknown): Leaf => ({ raw: String(node), shown: { text: String(node) } });

function parsed(node: unknown): Tree | undefined {
  if (typeof node !== "string" || !/^\s*[{[]/.test(node)) return undefined;
  try {
    return JSON.parse(node);
  } catch {
    return undefined;
  }
}

/** Sensitive wherever one of both says so. */
function united(one: unknown, other: unknown): unknown {
  if (one === true || other === true) return true;
  if (!isTree(one) || !isTree(other)) return isTree(one) ? one : other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, united(one[key], other[key])]));
}

/** Whether anything at or below this place is marked. */
export const isMarked = (marks: unknown): boolean =>
  marks === true || (isTree(marks) && Object.values(marks).some(isMarked));

export const shownPhrase = (shown: Shown): Phrase => {
  if (typeof shown === "object") return value(shown.text);
  return [shown === "sensitive" ? "a sensitive value" : shown];
};
