import * as v from "valibot";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Expects the name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** The request failed or timed out, or the body of the response was too long to be read. */
export interface NoResponse {
  readonly fault: "unreachable" | "slow" | "too-long";
  /** The name of the error, for example `ECONNREFUSED`. */
  readonly name: string;
}

/** Never follows a redirect, which would send the credential to another URL. Never rejects. */
export type Http = (request: HttpRequest, timeoutMilliseconds: number) => Promise<HttpResponse | NoResponse>;

/** Whether the content type is JSON. https://www.rfc-editor.org/rfc/rfc6839#section-3.1 */
export const isJson = ({ header }: HttpResponse): boolean =>
  /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(header("content-type") ?? "");

/** The base URL of a service. Credentials require TLS, except on a loopback address. */
export const serviceUrl = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/),
  v.transform((url) => url.replace(/\/+$/, "")),
);

/** How long to wait if the response has no time. This is GitHub's recommendation, see below. */
const DEFAULT_WAIT_MILLISECONDS = 60_000;

/**
 * When the service accepts requests again, in epoch milliseconds. Undefined if the response is not about a rate limit: a
 * 403 is about a limit only with rate limit headers. Without them, it is about the credential.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 * https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function limitedUntil({ status, header }: HttpResponse, now: number): number | undefined {
  const isUsedUp = header("x-ratelimit-remaining") === "0";
  const isLimit = status === 429 || (status === 403 && (isUsedUp || header("retry-after") !== undefined));
  if (!isLimit) return undefined;
  return (
    retryAfter(header("retry-after"), now) ?? resetAt(header("x-ratelimit-reset")) ?? now + DEFAULT_WAIT_MILLISECONDS
  );
}

/** Accepts seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/** The header is in epoch seconds. */
const resetAt = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
