/* A process with the emulator's DynamoDB, filled with audiences, behind a meter of capacity units. */
import { startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { startCapacityMeter } from "./capacity-meter.ts";
import { type Actor, seed, seedMember, tablesFor } from "./seed.ts";

/** Asks for the units consumed since the last message, or for a channel with one member. */
export type TableRequest = "units" | Actor;

const sizes: readonly number[] = JSON.parse(process.argv[2] ?? "[]");
const tables = tablesFor(sizes);
const guardData = { place: { region: "eu-west-2", accountId: "000000000000" }, tables, principals: undefined };
const store = await startStore({}, { guardData, report: () => undefined });
await createTables(store.client, tables);
await seed(store.client, sizes);
const meter = await startCapacityMeter(store.url);

process.on("message", async (message: TableRequest) => {
  if (message !== "units") await seedMember(store.client, message);
  process.send?.(meter.takeUnits());
});
process.once("disconnect", () => process.exit());
process.send?.({ url: meter.url });
