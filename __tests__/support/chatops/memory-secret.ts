import type { Secret, Stored } from "../../../chatops/secret.ts";

/** A secret in memory, and what is to see of it. */
export interface MemorySecret extends Secret {
  /** What it holds now. */
  stages: Stored;
}

/** As Secrets Manager keeps it: JSON texts, and labels that move. */
export function memorySecret(current?: object): MemorySecret {
  const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
  const secret: MemorySecret = {
    stages: { current },
    read: async () => copy(secret.stages),
    async putPending(value) {
      secret.stages = { ...secret.stages, pending: copy(value) };
    },
    async dropPending() {
      const { pending: _, ...rest } = secret.stages;
      secret.stages = rest;
    },
    async promote() {
      secret.stages = { current: secret.stages.pending, previous: secret.stages.current };
    },
    async dropPrevious() {
      const { previous: _, ...rest } = secret.stages;
      secret.stages = rest;
    },
  };
  return secret;
}
