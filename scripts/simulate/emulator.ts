/* A process with the chat on the emulator, so that the CPU of who measures is not the emulator's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "@serverless-chat/emulator";
import type { Addresses } from "./addresses.ts";

await import("../../main.ts");
const { stacks } = JSON.parse(readFileSync(join("cdktf.out", "manifest.json"), "utf8"));
const [name = ""] = Object.keys(stacks);
// Whoever measures has no role. Signatures cost the emulator alike in a push that is measured and in one that is simulated.
const emulator = await start({ stackDirectory: join("cdktf.out", "stacks", name), iam: false });

const { stack, url, managementUrl, dynamodbUrl } = emulator;
const { region, tables, stage } = stack;
process.once("disconnect", () => void emulator.stop().then(() => process.exit()));
const addresses: Addresses = {
  url,
  managementUrl,
  dynamodbUrl,
  region,
  tableName: tables[0]?.name ?? "",
  throttle: stage.throttle ?? { requestsPerSecond: 0, burst: 0 },
};
process.send?.(addresses);
