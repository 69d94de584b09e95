import type { GuardOptions } from "../../src/dynamodb/store.ts";
import type { Principal } from "../../src/iam/principal.ts";
import type { TableConfig } from "../../src/terraform/tables.ts";

/** A moment in the middle of 2026. */
export const NOON = Date.UTC(2026, 6, 1, 12);

export const PLACE = { region: "eu-west-2", accountId: "000000000000" };

/** The guard of a store with these tables. Without principals, every request passes. */
export const guardOptions = (
  tables: readonly TableConfig[] = [],
  { principals, report = () => undefined }: { principals?: readonly Principal[]; report?: GuardOptions["report"] } = {},
): GuardOptions => ({ guardData: { place: PLACE, tables, principals }, report });

/** An empty table with a partition key, a sort key and TTL. */
export const aTable = (name: string): TableConfig => ({
  name,
  keys: [
    { attribute: "pk", role: "HASH", type: "S" },
    { attribute: "sk", role: "RANGE", type: "S" },
  ],
  indexes: [],
  ttlAttribute: "ttl",
});
