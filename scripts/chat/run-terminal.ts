import type { ChatFlags } from "./flags.ts";
import type { Streams } from "./screen.ts";
import { TerminalSession } from "./terminal-session.ts";

/** Runs a chat on the terminal until the user or the input ends it. Rejects if there is no chat at the URL. */
export function runTerminal(flags: ChatFlags, streams: Streams): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = new TerminalSession(flags, streams, (fault) => (fault ? reject(fault) : resolve()));
    const close = (): void => void session.close();
    // Trap: npm passes a Ctrl-C on, so that it can arrive twice. The second one must not interrupt the closing.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, close);
    // The reader of the output is gone.
    streams.output.on("error", close);
  });
}
