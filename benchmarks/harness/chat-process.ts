/*
 * A process that runs the chat on the emulator, like `npm start`. Its own process, so that its CPU is not counted for the
 * process that measures. The argument is JSON: options of the emulator. By default the stage's throttle is off, because it
 * would refuse most of a crowd.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "@serverless-chat/emulator";

/** What the process sends to its parent when it is ready. */
export interface ChatAddresses {
  readonly url: string;
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly region: string;
  readonly tableName: string;
}

await import("../../main.ts");
const { stacks } = JSON.parse(readFileSync(join("cdktf.out", "manifest.json"), "utf8"));
const [name = ""] = Object.keys(stacks);
const options = JSON.parse(process.argv[2] ?? '{ "throttle": false }');
const emulator = await start({ ...options, stackDirectory: join("cdktf.out", "stacks", name) });

for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => void emulator.stop().then(() => process.exit()));
const { stack, url, managementUrl, dynamodbUrl } = emulator;
const { region, tables } = stack;
const addresses: ChatAddresses = { url, managementUrl, dynamodbUrl, region, tableName: tables[0]?.name ?? "" };
process.send?.(addresses);
