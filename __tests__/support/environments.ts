import { services } from "../../chatops/services.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { EVERYTHING, ISSUER, MODERATED, WATCHED } from "./synthesized.ts";

/** Settings with every chat-ops service enabled. */
export const ENABLED = {
  authentication: ISSUER,
  chatOps: {
    services: Object.fromEntries(services.map(({ key }) => [key, {}])),
    rotateEvery: "30 days",
    confirmationMinutes: 5,
  },
} as const satisfies Partial<Environment>;

const WITH_OWN_KEY = { ...ENABLED.chatOps, ownKmsKey: true };

/** Settings for AWS's other partitions, with everything that AWS supports there. */
export const PARTITIONS = {
  china: { ...EVERYTHING, ...MODERATED, region: "cn-north-1", authentication: ISSUER, chatOps: WITH_OWN_KEY },
  govCloud: {
    ...WATCHED,
    ...MODERATED,
    region: "us-gov-west-1",
    authentication: { kind: "cognito", closeAtTokenExpiry: true },
    chatOps: WITH_OWN_KEY,
  },
} satisfies Record<string, Partial<Environment>>;
