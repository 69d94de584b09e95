import type { Exception } from "./exceptions.ts";

/** Promises that the functions of chat-ops do not make, as docs/reliability.md says. */
export const opsExceptions: readonly Exception[] = [
  {
    name: "lost announcement",
    reason:
      "What ops is told is best effort: it is lost with its function, or if it cannot be stored. The trail has it.",
    covers: ({ call, way, sentence }) =>
      sentence === "nothing was announced" && (way === "function dies" || (way === "fails" && call === "PutItem LOG")),
  },
  {
    name: "unfinished entry",
    reason: "The trail has `begun` and no result if the function died in between.",
    covers: ({ way, sentence }) => sentence === "the trail has no result" && way === "function dies",
  },
  {
    name: "held lease",
    reason: "A lease that cannot be released ends by itself after a minute. Until then, changes are refused as `busy`.",
    covers: ({ call, way, sentence }) =>
      sentence === "the lease stays" && way === "fails" && call === "DeleteItem LEASE",
  },
];
