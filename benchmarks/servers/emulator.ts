/* A process with the emulator, as `npm start` has it but for the throttle, which would stop the load. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "../../emulator/start.ts";
import { writeStack } from "../stack.ts";

const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
await writeStack(directory);
const emulator = await start({ stackDirectory: directory, throttle: false });

// Ends with the process that started it, too.
for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => void stop());
process.send?.({ url: emulator.url });

async function stop(): Promise<void> {
  await emulator.stop();
  await rm(directory, { recursive: true, force: true });
  process.exit();
}
