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

export interface EmulatedChat extends Emulator {
  /** The ids of the connections whose `$disconnect` has not ended. It notifies the channels last. */
  readonly open: ReadonlySet<string>;
}

/** What the functions of `$connect` and `$disconnect` log. */
interface ConnectionLine {
  readonly route?: unknown;
  readonly connectionId?: unknown;
  readonly refused?: unknown;
  readonly fault?: unknown;
}

/** Its stop rejects with what the emulator found wrong in the Terraform, such as a grant that is missing. */
export async function startChat(
  stackDirectory = synthesizedChat(),
  options: Pick<EmulatorOptions, "throttle" | "observe"> = {},
): Promise<EmulatedChat> {
  const faults: unknown[] = [];
  const open = new Set<string>();
  const follow = ({ route, connectionId, refused, fault }: ConnectionLine): void => {
    if (route === "$disconnect") open.delete(String(connectionId));
    else if (route === "$connect" && refused === undefined && fault === undefined) open.add(String(connectionId));
  };
  const emulator = await start({
    ...options,
    stackDirectory,
    log({ source, message }) {
      if (source === "emulator") faults.push(message);
      else if (typeof message === "object" && message !== null) follow(message);
    },
  });
  return {
    ...emulator,
    open,
    async stop() {
      await emulator.stop();
      if (faults.length > 0) throw new Error([...new Set(faults)].join("\n"));
    },
  };
}
