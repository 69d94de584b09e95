/* A process with the emulator, as `npm start` has it but for the throttle, which would stop the load. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "@serverless-chat/emulator";
import { writeStack } from "../stack.ts";

// A Ctrl-C reaches every process of the terminal. Our parent ends at it, and we with our parent.
process.on("SIGINT", () => undefined);

const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
await writeStack(directory);
const emulator = await start({ stackDirectory: directory, throttle: false });

// Ends with the process that started it, too; that may be gone already.
for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => void stop());
if (process.connected) process.send?.({ url: emulator.url });
else await stop();

async function stop(): Promise<void> {
  await emulator.stop();
  process.exit();
}
