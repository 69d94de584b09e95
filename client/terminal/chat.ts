import type { ChatFlags } from "./flags.ts";
import { type Surroundings, Talk } from "./talk.ts";

/** Lets a person, or a pipe, chat until either leaves. Rejects, with a sentence for a person, where there is no chat. */
export function chat(flags: ChatFlags, surroundings: Omit<Surroundings, "end">): Promise<void> {
  return new Promise((resolve, reject) => {
    const talk = new Talk(flags, { ...surroundings, end: (fault) => (fault ? reject(fault) : resolve()) });
    const leave = (): void => void talk.leave();
    // Trap: by way of npm, a Ctrl-C may come twice. The second must not end it halfway.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, leave);
    // Whoever read what was said is gone.
    surroundings.streams.output.on("error", leave);
  });
}
