import fc from "fast-check";
import { services } from "../../chatops/services.ts";
import { PROJECT } from "../../infra/environments.ts";
import { checkSettings } from "../../infra/settings/check-settings.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { environment as dev, ISSUER } from "./synthesized.ts";

type Own = Partial<Environment>;

/** Characters that have to be escaped in JSON, need several bytes, or mean something elsewhere. */
const UNUSUAL = `"\\'\`<>&$%{}/é漢🙂 `;

export function isAccepted(own: object): boolean {
  try {
    checkSettings({ project: PROJECT, environments: [{ ...dev, ...own } as Environment], stateBucket: undefined });
    return true;
  } catch {
    return false;
  }
}

/** The settings with the largest size that is accepted. */
function largest(settingsOf: (size: number) => Own): Own {
  let [low, high] = [1, 5_000];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isAccepted(settingsOf(middle))) low = middle;
    else high = middle - 1;
  }
  const found = settingsOf(low);
  if (!isAccepted(found)) throw new Error(`The settings refuse even the smallest: ${JSON.stringify(found)}`);
  return found;
}

const many = (size: number, text: string): string[] => Array.from({ length: size }, (_, index) => `${text}${index}`);
const channels = (size: number, groups: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(many(size, "~ops-").map((name) => [name, [...groups]]));

const tokens = { authentication: ISSUER };
const jwt = (own: object) => ({ authentication: { ...ISSUER, ...own } }) as Own;
const chatOps = (own: object): Own => ({
  ...tokens,
  chatOps: {
    services: Object.fromEntries(services.map(({ key }) => [key, {}])),
    rotateEvery: "3650 days",
    confirmationMinutes: 1440,
    ownKmsKey: true,
    ...own,
  },
});

const NAMES: Own[] = [{ name: "a" }, { name: "a-" }, largest((size) => ({ name: `a${"-".repeat(size - 1)}` }))];
const REGIONS: Own[] = [{ region: "us-east-1" }, { region: "us-gov-west-1" }, { region: "ap-southeast-1" }];
const STAGES: Own[] = [{ stageName: "-" }, { stageName: "_".repeat(128) }];
const TAGS: Own[] = [
  { tags: {} },
  { tags: { Project: "x", Environment: "y" } },
  { tags: { PROJECT: "+", "a b": "a b", ":": "=" } },
  largest((size) => ({ tags: Object.fromEntries(many(size, "t".repeat(120)).map((name) => [name, "v".repeat(256)])) })),
];
const THROTTLES: Own[] = [
  { throttle: { requestsPerSecond: 1, burst: 1 } },
  { throttle: { requestsPerSecond: 10_000, burst: 5_000 } },
  {
    throttle: { requestsPerSecond: 2_147_483_647, burst: 2_147_483_647 },
    throttleQuota: { requestsPerSecond: 2_147_483_647, burst: 2_147_483_647 },
  },
];
const NUMBERS: Own[] = [
  { messageRetentionDays: 1, presenceMembersMax: 0, functionMemoryMegabytes: 128, logRetentionDays: 1 },
  {
    messageRetentionDays: 3_653,
    ownMessageMinutes: 43_200,
    presenceMembersMax: 100_000,
    functionMemoryMegabytes: 10_240,
    logRetentionDays: 3653,
  },
  { functionRuntime: "nodejs24.x" },
];
/** The origins of a page count among those that may connect. */
const page = (size: number) => ({ website: { domain: { name: `${"a".repeat(size)}.w.io`, hostedZone: "w.io" } } });
const ORIGINS: Own[] = [
  {},
  { website: true },
  page(1),
  { allowedOrigins: ["a://b"] },
  largest((size) => ({ allowedOrigins: many(size, "https://tenant") })),
  largest((size) => ({ allowedOrigins: [`https://${'"'.repeat(size)}`] })),
  largest((size) => ({ ...page(59), allowedOrigins: [`https://${'"'.repeat(size)}`] })),
];
const LIMITS: Own[] = [
  {},
  {
    messageRate: { perSecond: 1_000, burst: 1_000_000 },
    events: true,
    connectionsPerAddressMax: 100_000,
    publish: { channels: "any", functionUrl: true, eventSource: "e".repeat(256) },
  },
  largest((size) => ({ publish: { channels: many(size, "ops") } })),
];
const WATCHING: Own[] = [
  {},
  {
    alarmEmail: `${"a".repeat(64)}@${"b".repeat(63)}.example.com`,
    dashboard: true,
    accessLog: true,
    tracing: true,
  },
];
const DOMAINS: Own[] = [
  {},
  { domain: { name: "a.io", hostedZone: "a.io" } },
  largest((size) => ({ domain: { name: `${"a".repeat(size)}.b.io`, hostedZone: "b.io" } })),
];
/** Each setting with the settings that it requires. */
const USERS: Own[] = [
  { authentication: { kind: "none" } },
  {
    ...{ authentication: { kind: "iam" }, connectionsPerUserMax: 100_000 },
    ...{ directConversations: true, lastingMembership: true, unreadCounts: true, readReceipts: true, reactions: true },
  },
  largest((size) => ({ ...tokens, lastingMembership: true, channelCreators: many(size, '"'), privateChannels: {} })),
  { authentication: { kind: "cognito", closeAtTokenExpiry: true } },
  {
    authentication: { kind: "cognito", pool: { userPoolId: `us-east-1_${"a".repeat(45)}`, clientId: "a".repeat(128) } },
  },
  largest((size) => jwt({ audience: UNUSUAL.replaceAll(/[${} ]/g, "").repeat(size) })),
  largest((size) => jwt({ issuer: `https://a.io/${"a".repeat(size)}`, userClaim: "u", groupsClaim: "é" })),
  largest((size) => ({ ...tokens, moderators: many(size, UNUSUAL.replaceAll(/[{}]/g, "")) })),
  largest((size) => ({ ...tokens, channelCreators: many(size, "group"), moderators: ["\\"], unreadCounts: true })),
  largest((size) => ({ ...jwt({ closeAtTokenExpiry: true }), privateChannels: channels(size, ["g"]) })),
  largest((size) => ({ ...tokens, channelCreators: many(size, '"'), privateChannels: channels(size, ["g"]) })),
  { ...tokens, privateChannels: {} },
  chatOps({ services: {} }),
  chatOps({ rotateEvery: "30 minutes" }),
  largest((size) => chatOps({ groups: { rotate: '"'.repeat(size), delete: "a".repeat(size) } })),
];

/** The extremes of all settings, in any combination. */
export const extremeSettings: fc.Arbitrary<Own> = fc
  .tuple(
    ...[NAMES, REGIONS, STAGES, TAGS, THROTTLES, NUMBERS, ORIGINS, LIMITS, WATCHING, DOMAINS, USERS].map((choices) =>
      fc.constantFrom(...choices),
    ),
    fc.record({ deletionProtection: fc.boolean() }),
  )
  .map((parts) => withoutUnavailable(Object.assign({}, ...parts)));

/**
 * GovCloud has no public hosted zones and no CloudFront, and the page cannot sign in with every authentication. With lasting
 * membership, origins share the space of one function with the rules of access, which are at their largest here.
 */
function withoutUnavailable({ domain, website, allowedOrigins, ...own }: Own): Own {
  const isGovCloud = own.region?.startsWith("us-gov-");
  const users = own.authentication;
  const hasPage = !isGovCloud && (users?.kind === "none" || (users?.kind === "cognito" && !users.pool));
  return {
    ...own,
    ...(domain && !isGovCloud && { domain }),
    ...(website && hasPage && { website }),
    ...(allowedOrigins && !own.lastingMembership && { allowedOrigins }),
  };
}

/** The largest of everything, once for each kind of user. */
export const largestSettings: readonly Own[] = USERS.map((users) =>
  withoutUnavailable(
    Object.assign(
      {},
      ...[NAMES, REGIONS, STAGES, TAGS, THROTTLES, NUMBERS, ORIGINS, LIMITS, WATCHING, DOMAINS].map((choices) =>
        choices.at(-1),
      ),
      users,
    ),
  ),
);

/** A setting with any text, which may be refused. */
export const anyText: fc.Arbitrary<Own> = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...UNUSUAL, "${", "%{", "\n", "\u0000", "\ud800") }),
    ),
    fc.constantFrom<((text: string) => Own)[]>(
      (text) => ({ ...tokens, moderators: [text] }),
      (text) => ({ ...tokens, privateChannels: { "~ops": [text] } }),
      (text) => jwt({ audience: text, userClaim: text }),
      (text) => jwt({ issuer: `https://a.io/${text}` }),
      (text) => chatOps({ groups: { rotate: text } }),
      (text) => ({ tags: { [text]: text } }),
      (text) => ({ allowedOrigins: [`https://${text}`] }),
      (text) => ({ alarmEmail: `${text}@example.com` }),
      (text) => ({ name: text, stageName: text }),
    ),
  )
  .map(([text, settingsOf]) => settingsOf(text));
