import type { Environment } from "../../infra/settings/settings.ts";
import { ENABLED } from "./chatops/enabled.ts";
import { EVERYTHING, ISSUER, MODERATED, WATCHED } from "./synthesized.ts";

const KEYED = { ...ENABLED.chatOps, ownKmsKey: true };

/** Environments in AWS's other partitions, with every setting that AWS has there. */
export const PARTITIONS = {
  china: { ...EVERYTHING, ...MODERATED, region: "cn-north-1", authentication: ISSUER, chatOps: KEYED },
  govCloud: {
    ...WATCHED,
    ...MODERATED,
    region: "us-gov-west-1",
    authentication: { kind: "cognito", closeAtTokenExpiry: true },
    chatOps: KEYED,
  },
} satisfies Record<string, Partial<Environment>>;
