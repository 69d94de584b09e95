import { createHash, randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "ulid";
import { partitionOf } from "./partition.ts";

/** Epoch milliseconds. */
export const now = (): number => Date.now();

/** The random characters of a ULID. */
const ULID_RANDOM = 16;

/** A ULID: message ids sort by time. All random bytes are requested at once, because each request costs a microsecond. */
export function newMessageId(): string {
  const bytes = randomBytes(ULID_RANDOM).values();
  return ulid(now(), () => (bytes.next().value ?? 0) / 256);
}

const SUFFIX_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Six characters, none of which sounds or looks like another. */
export const newSuffix = (): string =>
  Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join("");

/** SHA-256 in base64url. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** 80 bits of a digest, five bits per character: too many for anybody to find a user name with the tag of another user. */
export const tagOf = (user: string): string => {
  const digest = createHash("sha256").update(user).digest("hex").slice(0, 20);
  return BigInt(`0x${digest}`).toString(32).padStart(16, "0");
};

/** Rejects with an AbortError if the signal is aborted. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal });

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

/**
 * Aborts work that takes longer than the given time. `AbortSignal.timeout` cannot be cleared: seconds after the work, each of
 * its signals still creates an error with a stack.
 */
export async function abortAfter<Value>(
  milliseconds: number,
  work: (abortSignal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), milliseconds);
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** From 0 to below 1. */
export const random = (): number => Math.random();

/** Lambda sets this variable. */
export const region = (): string => environmentVariable("AWS_REGION");

/**
 * The trace header of the current invocation. Lambda sets it for each invocation, with X-Ray's ids and the count of its
 * loop detection. Undefined outside of Lambda. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const traceId = (): string | undefined => process.env._X_AMZN_TRACE_ID || undefined;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** The credentials of the function's role. Lambda sets these variables, and replaces a function before they expire. */
export const credentials = (): Credentials => ({
  accessKeyId: environmentVariable("AWS_ACCESS_KEY_ID"),
  secretAccessKey: environmentVariable("AWS_SECRET_ACCESS_KEY"),
  sessionToken: process.env.AWS_SESSION_TOKEN,
});

export const lambdaEndpoint = (): string => endpointOf("lambda", "AWS_ENDPOINT_URL_LAMBDA");

export const dynamodbEndpoint = (): string => endpointOf("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB");

export const eventsEndpoint = (): string => endpointOf("events", "AWS_ENDPOINT_URL_EVENTBRIDGE");

/** By the SDK's own variables, as the emulator sets them. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const endpointOf = (service: string, variable: string): string =>
  process.env[variable] ||
  process.env.AWS_ENDPOINT_URL ||
  `https://${service}.${region()}.${partitionOf(region()).dnsSuffix}`;

/** Lambda and the emulator set this variable. A test that imports a function must not call AWS. */
export const isLambda = (): boolean => process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;

/** Lambda sets this variable, and drops log lines of a lower level. */
export const logLevel = (): string => process.env.AWS_LAMBDA_LOG_LEVEL ?? "INFO";

/** For the variables that Lambda sets, and the metrics namespace. All other settings are in config.ts. */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `The environment variable ${name} is missing. In AWS, Lambda sets it; elsewhere, set it before the function starts.`,
    );
  return value;
}
