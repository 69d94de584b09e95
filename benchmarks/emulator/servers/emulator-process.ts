/* A process with the emulator, like `npm start` but without the throttle, which would refuse the load. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "@serverless-chat/emulator";
import { writeStack } from "../stack.ts";

// Ctrl-C reaches all processes of a terminal. This one exits when its parent does.
process.on("SIGINT", () => undefined);

const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
await writeStack(directory);
const emulator = await start({ stackDirectory: directory, throttle: false });

// "disconnect": the parent process has exited. It may have exited before this line.
for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => void stop());
if (process.connected) process.send?.({ url: emulator.url });
else await stop();

async function stop(): Promise<void> {
  await emulator.stop();
  process.exit();
}
