import type { Guarding } from "../../emulator/dynamodb/store.ts";
import type { Principal } from "../../emulator/iam/principal.ts";
import type { TableConfig } from "../../emulator/terraform/tables.ts";

export const PLACE = { region: "eu-west-2", accountId: "000000000000" };

/** What stands before a store of these tables: nothing, unless there are principals to tell apart. */
export const aGuarding = (
  tables: readonly TableConfig[] = [],
  { principals, report = () => undefined }: { principals?: readonly Principal[]; report?: Guarding["report"] } = {},
): Guarding => ({ front: { place: PLACE, tables, principals }, report });
