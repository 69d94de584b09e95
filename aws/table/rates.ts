import { marshall } from "@aws-sdk/util-dynamodb";
import type { Now } from "../../chat/ports.ts";
import { frameMilliseconds, type MessageRate, type Rates, WARNING_MILLISECONDS } from "../../chat/user-ports.ts";
import { bucketKey, type Key, warningKey } from "./keys.ts";
import { ifConditionHolds, type Table } from "./table.ts";

/** The clocks of functions differ, and an item must not expire while it is needed. */
const SLACK_SECONDS = 60;

/** The bucket of each sender, and the last warning of each connection, one item each. */
export const rates = (table: Table, now: Now): Rates => ({
  async take(sender, rate) {
    const at = now();
    const update = (changes: Changes) =>
      ifConditionHolds(table.send("UpdateItem", charging(table, { key: bucketKey(sender, rate), rate, at, changes })));
    // Most frames follow a pause, and need one write only.
    const first = await update({
      fullAt: ":next",
      condition: "attribute_not_exists(pk) OR fullAt <= :now",
      values: { ":now": at, ":next": at + frameMilliseconds(rate) },
    });
    if (first) return true;
    // A refused frame is not charged, so a sender never waits longer than for one burst.
    const second = await update({
      fullAt: "fullAt + :interval",
      condition: "fullAt <= :max",
      values: { ":interval": frameMilliseconds(rate), ":max": at + (rate.burst - 1) * frameMilliseconds(rate) },
    });
    return second !== undefined;
  },

  async warn(sender, connectionId) {
    const at = now();
    const { Attributes } = await table.send("UpdateItem", {
      TableName: table.name,
      Key: marshall(warningKey(sender, connectionId)),
      UpdateExpression: "SET warnedAt = :now, #ttl = :ttl",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({ ":now": at, ":ttl": Math.ceil(at / 1000) + SLACK_SECONDS }),
      ReturnValues: "ALL_OLD",
    });
    const before = Number(Attributes?.warnedAt?.N);
    // The same time means that the client has retried this write because its response was lost.
    return before !== at && Math.abs(at - before) < WARNING_MILLISECONDS;
  },
});

interface Changes {
  readonly fullAt: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, number>>;
}

interface Charge {
  readonly key: Key;
  readonly rate: MessageRate;
  readonly at: number;
  readonly changes: Changes;
}

const charging = (table: Table, { key, rate, at, changes: { fullAt, condition, values } }: Charge) => ({
  TableName: table.name,
  Key: marshall(key),
  UpdateExpression: `SET fullAt = ${fullAt}, #ttl = :ttl`,
  ConditionExpression: condition,
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: marshall({ ...values, ":ttl": bucketTtlSeconds(rate, at) }),
});

/** The bucket is full again by then, however many frames were charged. */
const bucketTtlSeconds = (rate: MessageRate, at: number): number =>
  Math.ceil((at + rate.burst * frameMilliseconds(rate)) / 1000) + SLACK_SECONDS;
