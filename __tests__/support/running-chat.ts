import { type Emulator, start } from "../../emulator/start.ts";
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

export const startChat = (): Promise<Emulator> => start({ stackDirectory: synthesizedChat() });
