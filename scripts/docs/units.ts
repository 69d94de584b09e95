import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import measured from "../../benchmarks/costs/units.json" with { type: "json" };
import { table } from "./table.ts";

const { dollarsPerMillionReadUnits, dollarsPerMillionWriteUnits } = prices.dynamodb;

/** What each route asks of DynamoDB, as it was measured. */
export const unitTable = table(
  ["route", "case", "members of the channel", "write units", "read units", "a million of them"],
  measured.map(({ route, case: particular, members, writes, reads }) => [
    `\`${route}\``,
    particular,
    members.toLocaleString("en"),
    String(writes),
    String(reads),
    `$${(writes * dollarsPerMillionWriteUnits + reads * dollarsPerMillionReadUnits).toFixed(2)}`,
  ]),
);
