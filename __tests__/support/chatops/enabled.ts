import { services } from "../../../chatops/services.ts";
import type { Environment } from "../../../infra/settings.ts";

/** Whose tokens are taken. */
export const ISSUER = { kind: "jwt", issuer: "https://login.example.com/", audience: "chat" } as const;

/** An environment's settings with every service enabled. */
export const ENABLED = {
  authentication: ISSUER,
  chatOps: {
    services: Object.fromEntries(services.map(({ key }) => [key, {}])),
    rotateEvery: "30 days",
    confirmationMinutes: 5,
  },
} as const satisfies Partial<Environment>;
