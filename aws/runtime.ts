import { createHash, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "ulid";
import type { TokenRules } from "../authentication/rules.ts";
import type { MessageRate } from "../chat/message-rate.ts";
import type { Rules } from "../chatops/rules.ts";
import { partitionOf } from "./partition.ts";

/** The clock of the functions, in epoch milliseconds. */
export const now = (): number => Date.now();

/** A new message's id. */
export const newMessageId = (): string => ulid(now());

const SUFFIX_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Six characters that are not taken for each other when read out. */
export const newSuffix = (): string =>
  Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join("");

/** 80 bits of a digest, five to a character: nobody finds a name with the tag of somebody else. */
export const tagOf = (user: string): string => {
  const digest = createHash("sha256").update(user).digest("hex").slice(0, 20);
  return BigInt(`0x${digest}`).toString(32).padStart(16, "0");
};

/** Resolves after so many milliseconds. */
export const pause = (milliseconds: number): Promise<void> => sleep(milliseconds);

/** Rejects with the fault if the work takes longer than the given time. */
export async function within<Value>(milliseconds: number, work: Promise<Value>, fault: Error): Promise<Value> {
  const ended = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: ended.signal }).then(() => Promise.reject(fault));
  return Promise.race([work, late]).finally(() => {
    // The race has settled, so nothing else handles this rejection.
    late.catch(() => undefined);
    ended.abort();
  });
}

/** From 0 to below 1. */
export const random = (): number => Math.random();

/** Lambda sets it. */
export const region = (): string => environmentVariable("AWS_REGION");

/**
 * The trace header of the current invocation. Lambda sets it for each invocation, with X-Ray's ids and the count of its
 * loop detection. Undefined outside of Lambda. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const traceId = (): string | undefined => process.env._X_AMZN_TRACE_ID || undefined;

/** Where a service is, by the SDK's own variables. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const configuredEndpoint = (variable: string): string | undefined =>
  process.env[variable] || process.env.AWS_ENDPOINT_URL;

/** The stage's: no other address will do, so Terraform sets it. */
export const managementEndpoint = (): string => {
  const variable = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI";
  return configuredEndpoint(variable) ?? environmentVariable(variable);
};

export const lambdaEndpoint = (): string =>
  configuredEndpoint("AWS_ENDPOINT_URL_LAMBDA") ?? `https://lambda.${region()}.${partitionOf(region()).dnsSuffix}`;

/** Under which name CloudWatch keeps what is counted: the environment's own. */
export const metricsNamespace = (): string => environmentVariable("METRICS_NAMESPACE");

/** Lambda sets it, and drops lines of a lower level. */
export const logLevel = (): string => process.env.AWS_LAMBDA_LOG_LEVEL ?? "INFO";

/** How long messages are kept. */
export const retentionDays = (): number => Number(environmentVariable("MESSAGE_RETENTION_DAYS"));

/** Beyond so many members, a channel is told nothing of who comes, goes and types. */
export const presenceMembersMax = (): number => Number(environmentVariable("PRESENCE_MEMBERS_MAX"));

/** The environment's kind of authentication. */
export const authentication = (): string => environmentVariable("AUTHENTICATION");

/** Whether users can be banned: in environments with moderators. */
export const checksBans = (): boolean => environmentVariable("CHECK_BANS") === "true";

/** Where pages that connect may come from; undefined: anywhere. */
export const allowedOrigins = (): readonly string[] | undefined => process.env.ALLOWED_ORIGINS?.split(" ");

/** The groups whose members may make channels; undefined: everybody. */
export const channelMakers = (): readonly string[] | undefined => json("CHANNEL_MAKERS");

/** The private channels that the environment has, by whose groups may be there. */
export const privateChannels = (): Readonly<Record<string, readonly string[]>> => json("PRIVATE_CHANNELS") ?? {};

/** The groups whose members moderate. */
export const moderators = (): readonly string[] => json("MODERATORS") ?? [];

/** What one connection may send; undefined: as much as the stage lets through. */
export const messageRate = (): MessageRate | undefined => json("MESSAGE_RATE");

/** How many connections a user may have; undefined: as many as they like. */
export const connectionsPerUserMax = (): number | undefined => json("CONNECTIONS_PER_USER_MAX");

/** How many connections may come from an address; undefined: as many as like. */
export const connectionsPerAddressMax = (): number | undefined => json("CONNECTIONS_PER_ADDRESS_MAX");

/** A variable that is set where the environment has the setting. */
function json<Value>(name: string): Value | undefined {
  const text = process.env[name];
  return text === undefined ? undefined : JSON.parse(text);
}

/** Whose tokens are taken. */
export const tokenRules = (): TokenRules => JSON.parse(environmentVariable("TOKEN_RULES"));

/** The service that the function looks after. */
export const ownService = (): string => environmentVariable("SERVICE");

/** Of the service's secret. */
export const secretArn = (): string => environmentVariable("SECRET_ARN");

/** Who may do what at the service. */
export const chatOpsRules = (): Rules => JSON.parse(environmentVariable("CHAT_OPS_RULES"));

/** A variable of the function's environment. Throws when Terraform did not set it. */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: the function's Terraform must set it.`);
  return value;
}
