/* A process with the embedded DynamoDB, audiences in its tables, and a meter before it. */
import { startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import type { Actor } from "./audience.ts";
import { startMeter } from "./meter.ts";
import { seed, seedMember, tablesFor } from "./seed.ts";

/** What it is asked: for the units since the last time, or to let somebody into a channel. */
export type StoreQuestion = "units" | Actor;

const sizes: readonly number[] = JSON.parse(process.argv[2] ?? "[]");
const tables = tablesFor(sizes);
const guardData = { place: { region: "eu-west-2", accountId: "000000000000" }, tables, principals: undefined };
const store = await startStore({}, { guardData, report: () => undefined });
await createTables(store.client, tables);
await seed(store.client, sizes);
const meter = await startMeter(store.url);

process.on("message", async (question: StoreQuestion) => {
  if (question !== "units") await seedMember(store.client, question);
  process.send?.(meter.takeUnits());
});
process.once("disconnect", () => process.exit());
process.send?.({ url: meter.url });
