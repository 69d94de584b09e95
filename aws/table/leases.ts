import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId, Now } from "../../chat/ports.ts";
import type { Lease } from "../../chatops/ports.ts";
import { leaseKey } from "./keys.ts";
import { secondsOf, type Table, unlessRefused, unlessThereAt } from "./table.ts";

/** Longer than the timeout of the function. */
const LEASE_SECONDS = 60;

export interface Leasing {
  readonly service: string;
  readonly now: Now;
  /** Identifies the holder. */
  readonly newId: NewMessageId;
}

/** The lease of a service, one item: a condition on it allows one holder at a time. */
export const leases = (table: Table, { service, now, newId }: Leasing): Lease => ({
  async take() {
    const holder = newId();
    const free = unlessThereAt(now);
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall({ ...leaseKey(service), holder, ttl: secondsOf(now) + LEASE_SECONDS }),
      ...free,
      // If the SDK retries a write whose response is lost, it finds its own lease.
      ConditionExpression: `${free.ConditionExpression} OR holder = :holder`,
      ExpressionAttributeValues: { ...free.ExpressionAttributeValues, ":holder": { S: holder } },
    });
    if (!(await unlessRefused(table.client.send(command)))) return undefined;
    return () => release(table, { service, holder });
  },
});

/** Has no effect if the lease has another holder by now. */
async function release(table: Table, { service, holder }: Pick<Leasing, "service"> & { readonly holder: string }) {
  const command = new DeleteItemCommand({
    TableName: table.name,
    Key: marshall(leaseKey(service)),
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: marshall({ ":holder": holder }),
  });
  await unlessRefused(table.client.send(command));
}
