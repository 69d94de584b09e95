import type { Secret, StoredStages } from "../../../chatops/secret.ts";

/** A secret in memory, with its content for assertions. */
export interface MemorySecret extends Secret {
  stages: StoredStages;
}

/** Like Secrets Manager, stores JSON and moves stages. */
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
