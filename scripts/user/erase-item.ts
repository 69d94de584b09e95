import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { newMessageId } from "../../aws/runtime.ts";
import { addresses } from "../../aws/table/addresses.ts";
import { connections } from "../../aws/table/connections.ts";
import { connectionIdOf } from "../../aws/table/keys.ts";
import { members } from "../../aws/table/members.ts";
import { messages } from "../../aws/table/messages.ts";
import { reactionAttribute } from "../../aws/table/reactions.ts";
import { ifConditionHolds, type Table } from "../../aws/table/table.ts";
import { looks, names, users } from "../../aws/table/users.ts";
import { CONVERSATION } from "../../chat/channel.ts";
import type { Messages } from "../../chat/message-ports.ts";
import { lookOf } from "../../chat/name-look.ts";
import type { Now } from "../../chat/ports.ts";
import { CHAT_OPS } from "../../chat/user.ts";
import type { Erasure, Item } from "./relations.ts";

/** Replaces the name of an erased user. No user can have this name, because names cannot have two spaces in a row. */
export const ERASED_USER = "erased  user";

/** Attempts to record a deletion. Each one uses a new id. */
const RECORD_ATTEMPTS_MAX = 5;

export interface EraserOptions {
  readonly table: Table;
  readonly user: string;
  readonly now: Now;
  readonly retentionDays: number;
}

interface Update {
  readonly expression: string;
  readonly values?: Record<string, AttributeValue>;
}

/** Erases single items. Everything can be repeated. */
export class ItemEraser {
  readonly #options: EraserOptions;
  readonly #messages: Messages;

  constructor(options: EraserOptions) {
    this.#options = options;
    this.#messages = messages(options.table, options);
  }

  async erase(item: Item, erasure: Erasure): Promise<void> {
    if (erasure.do === "tombstone") return this.#deleteMessage(item);
    if (erasure.do === "disconnect") return this.#removeConnection(item);
    if (erasure.do === "delete") await this.#delete(item, erasure.attribute);
    if (erasure.do === "replace") await this.#replaceName(item, erasure.attribute);
    if (erasure.do === "unlist") await this.#removeFromList(item, erasure.attribute);
    if (erasure.do === "unreact") await this.#removeReaction(item);
    if (erasure.do === "remove") await this.#update(item, erasure.attribute, { expression: "REMOVE #attribute" });
  }

  /**
   * The order of a deletion by a moderator, then the name. If the run is interrupted before the name is replaced, the next
   * one finds the message again and records its deletion a second time, which clients ignore.
   */
  async #deleteMessage(item: Item): Promise<void> {
    const target = { channel: channelOf(item), id: item.sk };
    if (await this.#messages.delete(target)) await this.#recordDeletion(target);
    await this.#replaceName(item, "from", "REMOVE author, clientMessageId");
  }

  /** An attempt that takes too long is aborted, because clients could already have read past its id. */
  async #recordDeletion({ channel, id: message }: { readonly channel: string; readonly id: string }): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#messages.record({ id: newMessageId(), channel, message, by: CHAT_OPS });
      } catch (fault) {
        const isAborted = fault instanceof Error && /^(Abort|Timeout)Error$/.test(fault.name);
        if (!isAborted || attempt === RECORD_ATTEMPTS_MAX) throw fault;
      }
    }
  }

  /** The connection is removed last, because it lists the rest. */
  async #removeConnection(item: Item): Promise<void> {
    const { table, user, now } = this.#options;
    const id = connectionIdOf(item);
    const shards = Object.entries(item.channels as Readonly<Record<string, number>>);
    await Promise.all([
      ...shards.map(([channel, shard]) => members(table, now).remove({ channel, shard }, id)),
      users(table, now).remove(user, id),
      names(table, now).release(user, id),
      looks(table, now).release(lookOf(user), id),
      ...(typeof item.address === "string" ? [addresses(table, now).remove(item.address, id)] : []),
    ]);
    await connections(table, now).remove(id);
  }

  async #delete(item: Item, attribute: string | undefined): Promise<void> {
    const condition = attribute !== undefined && unchanged(item, attribute);
    await ifConditionHolds(this.#options.table.send("DeleteItem", { ...this.#keyOf(item), ...condition }));
  }

  #replaceName(item: Item, attribute: string, then = ""): Promise<void> {
    const values = marshall({ ":erased": ERASED_USER });
    return this.#update(item, attribute, { expression: `SET #attribute = :erased ${then}`, values });
  }

  /** Clients do not expect an empty list, so the last name is removed together with the list. */
  async #removeFromList(item: Item, attribute: string): Promise<void> {
    const list = item[attribute] as readonly string[];
    const place = `#attribute[${list.indexOf(this.#options.user)}]`;
    const input = {
      ...this.#keyOf(item),
      UpdateExpression: `REMOVE ${list.length === 1 ? "#attribute" : place}`,
      ConditionExpression: `${place} = :user AND size(#attribute) = :size`,
      ExpressionAttributeNames: { "#attribute": attribute },
      ExpressionAttributeValues: marshall({ ":user": this.#options.user, ":size": list.length }),
    };
    await ifConditionHolds(this.#options.table.send("UpdateItem", input));
  }

  /** The revision lets clients replace the counts that they have. */
  #removeReaction(item: Item): Promise<void> {
    const expression = "REMOVE #attribute ADD revision :one";
    const own = reactionAttribute(`USER#${this.#options.user}`);
    return this.#update(item, own, { expression, values: marshall({ ":one": 1 }) });
  }

  async #update(item: Item, attribute: string, { expression, values }: Update): Promise<void> {
    const { ExpressionAttributeValues, ...condition } = unchanged(item, attribute);
    const input = {
      ...{ ...this.#keyOf(item), UpdateExpression: expression, ...condition },
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
    };
    await ifConditionHolds(this.#options.table.send("UpdateItem", input));
  }

  #keyOf = ({ pk, sk }: Item) => ({ TableName: this.#options.table.name, Key: marshall({ pk, sk }) });
}

/** The reverse of `logPartition`. */
const channelOf = ({ pk }: Item): string => (pk.startsWith(CONVERSATION) ? pk : pk.slice("LOG#".length));

/** The write has no effect if the attribute has another value by now. */
const unchanged = (item: Item, attribute: string) => ({
  ConditionExpression: "#attribute = :read",
  ExpressionAttributeNames: { "#attribute": attribute },
  ExpressionAttributeValues: marshall({ ":read": item[attribute] }),
});
