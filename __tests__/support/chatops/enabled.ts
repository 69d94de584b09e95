import { services } from "../../../chatops/services.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { ISSUER } from "../synthesized.ts";

/** An environment's settings with every service enabled. */
export const ENABLED = {
  authentication: ISSUER,
  chatOps: {
    services: Object.fromEntries(services.map(({ key }) => [key, {}])),
    rotateEvery: "30 days",
    confirmationMinutes: 5,
  },
} as const satisfies Partial<Environment>;
