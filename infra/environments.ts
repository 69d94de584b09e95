import type { Environment, StateBucket } from "./settings/settings.ts";

/** The name in front of everything in AWS. Renaming the project is this one line. */
export const PROJECT = "chat";

/**
 * Where environments with `remoteState` keep their state. Nobody else in the world may have a bucket of that name: put
 * the account's number into it, `{ name: "chat-state-123456789012", region: "eu-west-2" }`.
 */
export const STATE_BUCKET: StateBucket | undefined = undefined;

/** What the environments have in common. Each setting is described in settings.ts. */
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
