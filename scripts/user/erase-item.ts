import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { newMessageId } from "../../aws/runtime.ts";
import { addresses } from "../../aws/table/addresses.ts";
import { connections } from "../../aws/table/connections.ts";
import { connectionIdOf } from "../../aws/table/keys.ts";
import { members } from "../../aws/table/members.ts";
import { messages } from "../../aws/table/messages.ts";
import { reactions } from "../../aws/table/reactions.ts";
import { ifConditionHolds, type Table } from "../../aws/table/table.ts";
import { looks, names, users } from "../../aws/table/users.ts";
import { CONVERSATION } from "../../chat/channel.ts";
import type { Messages } from "../../chat/message-ports.ts";
import { lookOf } from "../../chat/name-look.ts";
import type { Now } from "../../chat/ports.ts";
import type { Reactions } from "../../chat/reactions.ts";
import { CHAT_OPS } from "../../chat/user.ts";
import type { Erasure, Item } from "./relations.ts";

/** Replaces the name of an erased user. No user can have this name, because names cannot have two spaces in a row. */
export const ERASED_USER = "erased  user";

/** Attempts to record a change. Each one uses a new id. */
const RECORD_ATTEMPTS_MAX = 5;

export interface EraserOptions {
  readonly table: Table;
  readonly user: string;
  readonly now: Now;
  readonly retentionDays: number;
  /** Whether messages of channels can have reactions, which are deleted with them. */
  readonly storesReactions: boolean;
}

interface Update {
  readonly expression: string;
  readonly values?: Record<string, AttributeValue>;
}

/** Erases single items. Everything can be repeated. */
export class ItemEraser {
  readonly #options: EraserOptions;
  readonly #messages: Messages;
  readonly #reactions: Reactions;

  constructor(options: EraserOptions) {
    this.#options = options;
    this.#messages = messages(options.table, options);
    this.#reactions = reactions(options.table, options);
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
    if (await this.#messages.delete(target)) {
      if (mayHaveReactions(item, this.#options.storesReactions)) await this.#reactions.remove(target);
      const { channel, id: message } = target;
      await withNewId((id) => this.#messages.record({ id, channel, message, by: CHAT_OPS }));
    }
    await this.#replaceName(item, "from", "REMOVE author, clientMessageId");
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

  /**
   * The order of the route `react`. The record lets clients that resume replace the counts that they have. If the run is
   * interrupted before the record is stored, these clients keep the old counts until they read the messages again.
   */
  async #removeReaction({ pk, sk: message }: Item): Promise<void> {
    const target = { channel: pk.slice("REACTIONS#".length), id: message };
    const removal = { ...target, author: `USER#${this.#options.user}`, emoji: null };
    await withNewId(async (id) => {
      const { reactions, former } = await this.#reactions.set({ ...removal, change: id });
      const { revision } = reactions;
      // The message can be deleted at the same time, with all reactions: the write above then stores an item again.
      if (former === undefined && (await this.#messages.get(target))?.deleted) return this.#reactions.remove(target);
      await this.#reactions.record({ id, channel: target.channel, reacted: message, revision });
      if (former !== undefined) await this.#reactions.forget({ id: former, channel: target.channel, revision });
    });
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

/** An attempt that takes too long is aborted, because clients could already have read past its id. */
async function withNewId(record: (id: string) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await record(newMessageId());
    } catch (fault) {
      const isAborted = fault instanceof Error && /^(Abort|Timeout)Error$/.test(fault.name);
      if (!isAborted || attempt === RECORD_ATTEMPTS_MAX) throw fault;
    }
  }
}

/** Direct messages cannot have reactions. */
export const mayHaveReactions = ({ pk }: Item, storesReactions: boolean): boolean =>
  storesReactions && !pk.startsWith(CONVERSATION);

/** The reverse of `logPartition`. */
const channelOf = ({ pk }: Item): string => (pk.startsWith(CONVERSATION) ? pk : pk.slice("LOG#".length));

/** The write has no effect if the attribute has another value by now. */
const unchanged = (item: Item, attribute: string) => ({
  ConditionExpression: "#attribute = :read",
  ExpressionAttributeNames: { "#attribute": attribute },
  ExpressionAttributeValues: marshall({ ":read": item[attribute] }),
});
