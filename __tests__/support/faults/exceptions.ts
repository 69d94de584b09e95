import type { Way } from "./ports.ts";

/** One fault, what followed, and the promise that was broken. */
export interface Breach {
  readonly route: string;
  readonly call: string;
  readonly way: Way;
  /** What the client, or the operator, does next. */
  readonly comeback: string;
  readonly sentence: string;
}

/** A promise that the chat does not make, as docs/reliability.md says. */
export interface Exception {
  readonly name: string;
  readonly reason: string;
  covers(breach: Breach): boolean;
}

/** These routes do not notify again: a repeat finds their work done, or nobody is left to repeat it. */
const NOTIFY_ONCE = ["$connect", "$disconnect", "join", "kick", "ban"];

/** If these routes cannot read the audience, they leave the notice to the worker. */
const LEAVE_TO_WORKER = ["$disconnect", "kick"];

export const exceptions: readonly Exception[] = [
  {
    name: "lost notice",
    reason:
      "A notice of presence is best effort: it is lost with its function, or if some routes cannot read the audience.",
    covers: ({ route, call, way, comeback, sentence }) =>
      sentence.startsWith("nobody was notified") &&
      way !== "answer lost" &&
      !(LEAVE_TO_WORKER.includes(route) && call === "members.pages" && way === "fails") &&
      (NOTIFY_ONCE.includes(route) || (route === "name" && comeback === "reconnects")),
  },
  {
    name: "half join",
    reason: "A join whose function died after its first write is heard until it is repeated or the connection ends.",
    covers: ({ route, call, way, comeback, sentence }) =>
      route === "join" &&
      call === "members.add" &&
      way === "function dies" &&
      comeback === "leaves" &&
      sentence.includes("and hears it"),
  },
  {
    name: "half revocation",
    reason: "A revocation that is not acknowledged and not repeated leaves a membership that hears nothing.",
    covers: ({ route, way, comeback, sentence }) =>
      route === "invite" && way !== "answer lost" && !comeback.startsWith("repeats") && sentence.includes("and deaf"),
  },
];
