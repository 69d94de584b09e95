import type { Environment, StateBucket } from "./settings/settings.ts";

/** The prefix of all names in AWS. To rename the project, change this line. */
export const PROJECT = "chat";

/**
 * The bucket for the state of environments with `remoteState`. Its name must be unique among all AWS accounts, so include the
 * account id: `{ name: "chat-state-123456789012", region: "eu-west-2" }`.
 */
export const STATE_BUCKET: StateBucket | undefined = undefined;

/** The settings that all environments share. Each setting is described in settings/settings.ts. */
const shared = {
  region: "eu-west-2",
  tags: {},
  throttle: { requestsPerSecond: 100, burst: 50 },
  logRetentionDays: 14,
  logLevel: "INFO",
  messageRetentionDays: 30,
  presenceMembersMax: 100,
  functionMemoryMegabytes: 256,
  authentication: { kind: "none" },
} as const;

export const environments: readonly Environment[] = [
  { ...shared, name: "dev", stageName: "dev" },
  { ...shared, name: "prod", stageName: "prod", logRetentionDays: 90, deletionProtection: true },
];
