/*
 * A process with the emulator's DynamoDB, filled with audiences, behind a meter of capacity units. The arguments are the scheme
 * of its URL, "http" or "https", and the sizes of the audiences as JSON.
 */
import { startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { serverTls } from "../harness/tls.ts";
import { type Span, startCapacityMeter, type Units } from "./capacity-meter.ts";
import { type Actor, seed, seedMember, tablesFor } from "./seed.ts";

/** Asks for what functions have used since the last message of this kind, or for a channel with one member. */
export type TableRequest = "used" | Actor;

export interface TableUse {
  readonly units: Units;
  readonly requests: readonly Span[];
}

const [, , scheme, list = "[]"] = process.argv;
const sizes: readonly number[] = JSON.parse(list);
const tables = tablesFor(sizes);
const guardData = { place: { region: "eu-west-2", accountId: "000000000000" }, tables, principals: undefined };
const store = await startStore({}, { guardData, report: () => undefined });
await createTables(store.client, tables);
await seed(store.client, sizes);
const meter = await startCapacityMeter(store.url, scheme === "https" ? serverTls() : undefined);

process.on("message", async (message: TableRequest) => {
  if (message !== "used") await seedMember(store.client, message);
  const used: TableUse = { units: meter.takeUnits(), requests: meter.takeRequests() };
  process.send?.(used);
});
process.once("disconnect", () => process.exit());
process.send?.({ url: meter.url });
