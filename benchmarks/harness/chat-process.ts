/* A process with the chat on the emulator, as `npm start` has it but for the throttle, which would keep a crowd out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "@serverless-chat/emulator";

await import("../../main.ts");
const { stacks } = JSON.parse(readFileSync(join("cdktf.out", "manifest.json"), "utf8"));
const [name = ""] = Object.keys(stacks);
const emulator = await start({ stackDirectory: join("cdktf.out", "stacks", name), throttle: false });

for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => void emulator.stop().then(() => process.exit()));
process.send?.({ url: emulator.url });
