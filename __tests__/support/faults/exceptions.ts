import type { Way } from "./ports.ts";

/** One fault, the next action, and the guarantee that was violated. */
export interface Breach {
  readonly route: string;
  readonly call: string;
  readonly way: Way;
  /** The next action of the client or the operator. */
  readonly nextAction: string;
  readonly sentence: string;
}

/** A documented exception to the guarantees: docs/reliability.md. */
export interface Exception {
  readonly name: string;
  readonly reason: string;
  covers(breach: Breach): boolean;
}

/** These routes do not repeat a notice: a repeated frame finds the work done, or no client is left to repeat it. */
const NOTIFY_ONCE = ["$connect", "$disconnect", "join", "kick", "ban"];

/** If these routes cannot read the audience, they leave the notice to the worker. */
const LEAVE_TO_WORKER = ["$disconnect", "kick"];

export const exceptions: readonly Exception[] = [
  {
    name: "lost notice",
    reason:
      "Presence notices are best effort. They are lost if the invocation ends early, or if some routes cannot read the audience.",
    covers: ({ route, call, way, nextAction, sentence }) =>
      sentence.startsWith("nobody was notified") &&
      way !== "answer lost" &&
      !(LEAVE_TO_WORKER.includes(route) && call === "members.pages" && way === "fails") &&
      (NOTIFY_ONCE.includes(route) || (route === "name" && nextAction === "reconnects")),
  },
  {
    name: "half join",
    reason: "If the invocation of a join ends after its first write, the client gets messages without being a member.",
    covers: ({ route, call, way, nextAction, sentence }) =>
      route === "join" &&
      call === "members.add" &&
      way === "invocation ends early" &&
      nextAction === "leaves" &&
      sentence.endsWith("but has a member there"),
  },
  {
    name: "half revocation",
    reason: "A revocation that fails and is not repeated can leave a member that receives no messages.",
    covers: ({ route, way, nextAction, sentence }) =>
      route === "invite" &&
      way !== "answer lost" &&
      !nextAction.startsWith("repeats") &&
      sentence.endsWith("but has no member there"),
  },
];

/** Documented exceptions to the guarantees of chat-ops: docs/reliability.md. */
export const opsExceptions: readonly Exception[] = [
  {
    name: "lost announcement",
    reason:
      "Announcements in ops are best effort. They are lost if the invocation ends early, or if they cannot be stored.",
    covers: ({ call, way, sentence }) =>
      sentence === "nothing was announced" &&
      (way === "invocation ends early" || (way === "fails" && call === "PutItem LOG")),
  },
  {
    name: "unfinished entry",
    reason: "The audit trail has `begun` and no result if the function died in between.",
    covers: ({ way, sentence }) => sentence === "the trail has no result" && way === "invocation ends early",
  },
  {
    name: "held lease",
    reason: "A lease that cannot be released expires after a minute. Until then, changes fail with `busy`.",
    covers: ({ call, way, sentence }) =>
      sentence === "the lease is not released" && way === "fails" && call === "DeleteItem LEASE",
  },
];
