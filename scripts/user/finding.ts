import type { Key } from "../../aws/table/keys.ts";
import { type ItemKind, itemKinds } from "./item-kinds.ts";
import type { Erasure, Item, Subject } from "./relations.ts";

/** Undefined for a kind that this version does not know. */
export const kindOf = ({ pk, sk }: Key): ItemKind | undefined =>
  itemKinds.find((kind) => kind.pk.test(pk) && kind.sk.test(sk));

/** What an item is to a user. */
export interface Finding {
  readonly kind: string;
  readonly role: string;
  readonly erasure: Erasure;
  /** False for an item of an unknown kind that does not name the user. It is reported as well. */
  readonly isOfUser: boolean;
  /** The part of the item that is exported. */
  readonly part: object;
}

const UNKNOWN = "unknown kind ";

/** Whether a role is that of items of unknown kinds. */
export const isUnknown = (role: string): boolean => role.startsWith(UNKNOWN);

/** Undefined if the item is not the user's. */
export function findingOf(item: Item, subject: Subject): Finding | undefined {
  const kind = kindOf(item);
  if (!kind) {
    const erasure = { do: "keep", reason: "this command does not know this kind of item" } as const;
    return {
      kind: "unknown",
      role: UNKNOWN + keyPattern(item),
      erasure,
      isOfUser: mentions(item, subject),
      part: item,
    };
  }
  const relation = kind.relations.find(({ holds }) => holds(item, subject));
  if (!relation) return undefined;
  const { role, erasure, partOf = () => item } = relation;
  return { kind: kind.name, role, erasure, isOfUser: true, part: partOf(item, subject) };
}

/** The keys of an unknown kind, without the parts that can name a user: `USER#… / DIRECT#…`. */
const keyPattern = ({ pk, sk }: Key): string =>
  `${/^[A-Z]+(#|$)/.exec(pk)?.[0] ?? ""}… / ${/^(#[A-Z]+$|[A-Z]+#)/.exec(sk)?.[0] ?? ""}…`;

/** Whether an item has the name of the user in its keys or attributes. */
const mentions = ({ pk, sk, ...attributes }: Item, { user }: Subject): boolean =>
  [pk, sk].some((part) => part.split("#").includes(user) || part.endsWith(`#${user}`)) || contains(attributes, user);

const contains = (value: unknown, user: string): boolean => {
  if (value instanceof Set) return value.has(user);
  if (typeof value !== "object" || value === null) return value === user;
  return Object.entries(value).some(([name, part]) => name === user || contains(part, user));
};
