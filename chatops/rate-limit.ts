import type { HttpAnswer } from "./http.ts";

/** How long to leave a service alone that says no more than that it was too much. As GitHub asks for, see below. */
const UNKNOWN_MILLISECONDS = 60_000;

/**
 * When a service takes requests again that has had too many, in epoch milliseconds; undefined where that is not what
 * its answer says. A 403 is one only beside the headers of a limit: without them it is about the credential.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 * https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function limitedUntil({ status, header }: HttpAnswer, now: number): number | undefined {
  const isSpent = header("x-ratelimit-remaining") === "0";
  const isLimit = status === 429 || (status === 403 && (isSpent || header("retry-after") !== undefined));
  if (!isLimit) return undefined;
  return retryAfter(header("retry-after"), now) ?? resetAt(header("x-ratelimit-reset")) ?? now + UNKNOWN_MILLISECONDS;
}

/** Seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/** Epoch seconds. */
const resetAt = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
