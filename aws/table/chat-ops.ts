import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId, Now } from "../../chat/ports.ts";
import type { AuditTrail, Confirmations, Lease } from "../../chatops/ports.ts";
import type { PendingConfirmation } from "../../chatops/rules.ts";
import { confirmationKey, leaseKey, trailKey } from "./keys.ts";
import { ifConditionHolds, isConditionFault, isRetried, SPARSE, secondsOf, type Table, unlessLive } from "./table.ts";

export interface ConfirmationOptions {
  readonly service: string;
  /** Identifies the request that uses a code. */
  readonly newId: NewMessageId;
}

/**
 * Actions of one service that wait for confirmation by a second person, one item each. Readers check `until`, because TTL
 * deletes late. A used code is marked, not deleted: if the client retries a write whose response is lost, it finds its own mark.
 */
export const confirmations = (table: Table, { service, newId }: ConfirmationOptions): Confirmations => {
  const itemOf = ({ code, ...unconfirmed }: PendingConfirmation) => {
    const ttl = Math.ceil(unconfirmed.until / 1000);
    return { ...confirmationKey(service, code), ...unconfirmed, ttl };
  };

  return {
    async put(unconfirmed) {
      const input = {
        TableName: table.name,
        Item: marshall(itemOf(unconfirmed)),
        // Does not overwrite the code of another request, in the unlikely case that both have the same.
        ConditionExpression: "attribute_not_exists(pk) OR #by = :by AND #until = :until",
        ExpressionAttributeNames: { "#by": "by", "#until": "until" },
        ExpressionAttributeValues: marshall({ ":by": unconfirmed.by, ":until": unconfirmed.until }),
      };
      await table.send("PutItem", input);
    },

    async get(code) {
      const Key = marshall(confirmationKey(service, code));
      const input = { TableName: table.name, Key, ConsistentRead: true };
      const { Item } = await table.send("GetItem", input);
      if (!Item || Item.takenBy) return undefined;
      const { service: of, action, by, until } = unmarshall(Item);
      return { code, service: of, action, by, until } satisfies PendingConfirmation;
    },

    async take(unconfirmed) {
      const takenBy = newId();
      const input = {
        TableName: table.name,
        Item: marshall({ ...itemOf(unconfirmed), takenBy }),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(takenBy) OR takenBy = :takenBy",
        ExpressionAttributeValues: marshall({ ":takenBy": takenBy }),
      };
      return (await ifConditionHolds(table.send("PutItem", input))) !== undefined;
    },
  };
};

/** The audit trail as items that never expire. The id of a line is half random, so no caller can guess the id of another. */
export const trail = (table: Table, newId: NewMessageId): AuditTrail => ({
  async add(entry) {
    const input = {
      TableName: table.name,
      Item: marshall({ ...trailKey(entry, newId()), ...entry }, SPARSE),
      ConditionExpression: "attribute_not_exists(pk)",
    };
    try {
      await table.send("PutItem", input);
    } catch (fault) {
      // No other line has this id, so the client's retry has found the line of its first attempt.
      const isStored = isConditionFault(fault) && isRetried(fault.$metadata);
      if (!isStored) throw fault;
    }
  },
});

/** Longer than the timeout of the function. */
const LEASE_SECONDS = 60;

export interface LeaseOptions {
  readonly service: string;
  readonly now: Now;
  /** Identifies the holder. */
  readonly newId: NewMessageId;
}

/** The lease of a service, one item: a condition on it allows one holder at a time. */
export const leases = (table: Table, { service, now, newId }: LeaseOptions): Lease => ({
  async take() {
    const holder = newId();
    const free = unlessLive(now);
    const input = {
      TableName: table.name,
      Item: marshall({ ...leaseKey(service), holder, ttl: secondsOf(now) + LEASE_SECONDS }),
      ...free,
      // If the client retries a write whose response is lost, it finds its own lease.
      ConditionExpression: `${free.ConditionExpression} OR holder = :holder`,
      ExpressionAttributeValues: { ...free.ExpressionAttributeValues, ":holder": { S: holder } },
    };
    if (!(await ifConditionHolds(table.send("PutItem", input)))) return undefined;
    return () => release(table, { service, holder });
  },
});

/** Has no effect if the lease has another holder by now. */
async function release(table: Table, { service, holder }: Pick<LeaseOptions, "service"> & { readonly holder: string }) {
  const input = {
    TableName: table.name,
    Key: marshall(leaseKey(service)),
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: marshall({ ":holder": holder }),
  };
  await ifConditionHolds(table.send("DeleteItem", input));
}
