import { tagOf } from "../../aws/runtime.ts";
import { type Key, pairOf } from "../../aws/table/keys.ts";
import { conversationLog, isOwnedBy } from "../../chat/channel.ts";

/** An item of the table, with its attributes as JavaScript values. */
export type Item = Readonly<Record<string, unknown>> & Key;

/** The user whose data is exported or erased. */
export interface Subject {
  readonly user: string;
  /** Without authentication, `user` is a name that several people may have used. */
  readonly isAuthenticated: boolean;
}

/**
 * How an item is erased.
 * - `tombstone`: the text of a message is deleted as by a moderator, and the sender's name is replaced.
 * - `disconnect`: a connection is removed with everything that it lists.
 * - `delete`: the item is deleted. With `attribute`: only if this attribute has not changed since it was read.
 * - `replace`: the name of the user in an attribute is replaced. `remove`: the attribute is removed.
 * - `unlist`: the name of the user is removed from a list in an attribute.
 * - `keep`: the item is kept until it expires, for this reason.
 */
export type Erasure =
  | { readonly do: "tombstone" | "disconnect" }
  | { readonly do: "delete"; readonly attribute?: string }
  | { readonly do: "replace" | "remove" | "unlist"; readonly attribute: string }
  | { readonly do: "keep"; readonly reason: string };

/** What an item can be to a user. */
export interface Relation {
  /** For reports: "messages of the user". */
  readonly role: string;
  readonly holds: (item: Item, subject: Subject) => boolean;
  readonly erasure: Erasure;
  /** The part of the item that is exported; default: all of it. */
  readonly partOf?: (item: Item, subject: Subject) => object;
}

/** Without the text, which belongs to its author. */
export const withoutText = ({ data, versions, ...item }: Item): object => item;

/** The messages of guests are found by name only, because guests do not own their names. A publisher is not a user. */
export const isAuthor = ({ from, author, publisher, change }: Item, { user, isAuthenticated }: Subject): boolean => {
  if (from !== user || publisher === true || change !== undefined) return false;
  if (author === undefined) return true;
  return isAuthenticated === (author === `USER#${user}`);
};

export const has =
  (attribute: string): Relation["holds"] =>
  (item, { user }) =>
    item[attribute] === user;

export const isListedIn =
  (attribute: string): Relation["holds"] =>
  ({ [attribute]: names }, { user }) =>
    Array.isArray(names) && names.includes(user);

export const isOf =
  (partitionOf: (user: string) => string): Relation["holds"] =>
  ({ pk }, { user }) =>
    pk === partitionOf(user);

/** The pair of a conversation is a digest of both names, so it shows to whom a message was sent. */
export const isToUser: Relation["holds"] = ({ pk, from, publisher }, { user }) =>
  typeof from === "string" &&
  pk === conversationLog(pairOf(user, { name: from, ...(publisher === true && { publisher }) }));

export const isFromProgram: Relation["holds"] = (item, subject) => item.publisher === true && isToUser(item, subject);

export const isSortedBy: Relation["holds"] = ({ sk }, { user }) => sk === user;

export const isOwnChannel: Relation["holds"] = ({ pk }, { user, isAuthenticated }) =>
  isAuthenticated && isOwnedBy(pk.split("#")[1] ?? "", tagOf(user));

export const isInTrail: Relation["holds"] = ({ by, confirmedBy }, { user }) =>
  confirmedBy === user || (typeof by === "object" && by !== null && "user" in by && by.user === user);
