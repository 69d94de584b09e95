/* A process with the embedded DynamoDB, behind a meter. */
import { startStore } from "../../emulator/dynamodb/store.ts";
import { createTables } from "../../emulator/dynamodb/tables.ts";
import type { TableConfig } from "../../emulator/terraform/tables.ts";
import { startMeter } from "./meter.ts";

const tables = JSON.parse(process.argv[2] ?? "[]") as TableConfig[];
const front = { place: { region: "eu-west-2", accountId: "000000000000" }, tables, principals: undefined };
const store = await startStore({}, { front, report: () => undefined });
await createTables(store.client, tables);
const meter = await startMeter(store.url);

process.on("message", () => process.send?.(meter.takeUnits()));
process.once("disconnect", () => process.exit());
process.send?.({ url: meter.url });
