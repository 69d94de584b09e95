import { type Emulator, type EmulatorOptions, start } from "@serverless-chat/emulator";
import { synthesizedChat } from "./synthesized.ts";

/** The chat that end-to-end tests talk to. */
export interface RunningChat {
  readonly url: string;
  stop(): Promise<void>;
}

/** The deployed chat at TARGET, or the synthesized one, played by the emulator on a free port. */
export async function runningChat(): Promise<RunningChat> {
  const { TARGET } = process.env;
  return TARGET ? { url: TARGET, stop: async () => undefined } : startChat();
}

/** Its stop rejects with what the emulator found wrong in the Terraform, such as a grant that is missing. */
export async function startChat(
  stackDirectory = synthesizedChat(),
  options: Pick<EmulatorOptions, "throttle"> = {},
): Promise<Emulator> {
  const faults: unknown[] = [];
  const emulator = await start({
    ...options,
    stackDirectory,
    log: ({ source, message }) => void (source === "emulator" && faults.push(message)),
  });
  return {
    ...emulator,
    async stop() {
      await emulator.stop();
      if (faults.length > 0) throw new Error([...new Set(faults)].join("\n"));
    },
  };
}
