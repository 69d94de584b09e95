import * as v from "valibot";
import type { Now, Pause } from "../chat/ports.ts";
import { jsonOf } from "../chat/protocol/frames.ts";
import { type Failed, fail, hasFailed, type Result } from "./failure.ts";
import {
  type Http,
  type HttpRequest,
  type HttpResponse,
  isJson,
  limitedUntil,
  type NoResponse,
  retryAfter,
} from "./http.ts";
import { redact } from "./redact.ts";

/** The required fields of a response. Other fields are ignored. */
export type Schema<Value> = v.GenericSchema<unknown, Value>;

export interface ServiceRequest extends HttpRequest {
  /** Also accept a redirect within the service: a redirect to another host comes from a proxy. */
  readonly acceptsRedirect?: true;
}

/** A client for a service's API. Every failure is a value. */
export interface ServiceClient {
  /** Sends a request whose successful response is JSON with these fields. */
  expectJson<Value>(request: ServiceRequest, schema: Schema<Value>): Promise<Result<Value>>;
  /**
   * Sends a request whose successful response is empty. A body is an error: it does not come from the service. A proxy can
   * return an empty response too, so callers check the result with a second request.
   */
  expectEmpty(request: ServiceRequest): Promise<Result<undefined>>;
}

export interface ServiceClientPorts {
  /** The name of the service, for messages. */
  readonly title: string;
  readonly http: Http;
  readonly now: Now;
  readonly pause: Pause;
  /** When all requests must be finished, in epoch milliseconds. */
  readonly deadline: number;
  /** Whether an error response has the format of the service's own errors. */
  readonly isOwnError: (response: HttpResponse) => boolean;
  /** The content of the secret, which is redacted from messages. */
  readonly credential: object;
}

const RESPONSE_MILLISECONDS_MAX = 10_000;

/** Other clients of the service can use up the new limit while this one waits for it. */
const ATTEMPTS_MAX = 3;

export const serviceClient = (ports: ServiceClientPorts): ServiceClient => ({
  async expectJson(request, schema) {
    const response = await sendWithinLimit(ports, request);
    return hasFailed(response) ? response : readJson(ports, response.value, schema);
  },
  async expectEmpty(request) {
    const response = await sendWithinLimit(ports, request);
    if (hasFailed(response)) return response;
    return response.value.body.trim() === "" ? { value: undefined } : unexpected(ports, "the body is not empty");
  },
});

/** If the service limits the rate, waits and retries, unless the deadline is earlier. */
async function sendWithinLimit(
  ports: ServiceClientPorts,
  request: ServiceRequest,
  attempt = 1,
): Promise<Result<HttpResponse>> {
  const response = await send(ports, request);
  if ("fault" in response) return noResponse(ports, response);
  const until = limitedUntil(response, ports.now());
  if (until === undefined) return checkStatus(ports, request, response);
  if (attempt === ATTEMPTS_MAX || until >= ports.deadline) return limited(ports, until);
  // The service does not process a request over the limit, so a retry is safe even if the request is not idempotent.
  await ports.pause(Math.max(0, until - ports.now()));
  return sendWithinLimit(ports, request, attempt + 1);
}

function send({ http, now, deadline }: ServiceClientPorts, { acceptsRedirect: _, ...request }: ServiceRequest) {
  const left = Math.min(RESPONSE_MILLISECONDS_MAX, deadline - now());
  return left > 0 ? http(request, left) : Promise.resolve<NoResponse>({ fault: "slow", name: "Deadline" });
}

function noResponse(ports: ServiceClientPorts, { fault, name }: NoResponse): Failed {
  if (fault === "slow") return fail("slow", `${ports.title} did not respond in time.`);
  if (fault === "too-long") return unexpected(ports, "it is longer than 1 MB");
  return fail("unreachable", `${ports.title} cannot be reached (${name}).`);
}

const limited = ({ title }: ServiceClientPorts, until: number): Failed =>
  fail("rate-limited", `${title} accepts no more requests until ${new Date(until).toISOString()}.`);

/** These statuses are about the credential, or about a resource that the secret names. */
const CREDENTIAL_STATUSES = [401, 403, 404, 410];

/** Turns an error status into a failure, which quotes the service's own message without anything secret. */
function checkStatus(ports: ServiceClientPorts, request: ServiceRequest, response: HttpResponse): Result<HttpResponse> {
  const { status, body } = response;
  if (isSuccess(request, response)) return { value: response };
  if (CREDENTIAL_STATUSES.includes(status) && !ports.isOwnError(response)) return notFromService(ports, response);
  const sent = Object.values(request.headers).map((value) => value.split(" "));
  const message = redact(errorMessageIn(body), [ports.credential, sent]);
  return failureOf(ports, response, `${status}${message && `: “${message}”`}`);
}

function isSuccess({ url, acceptsRedirect }: ServiceRequest, { status, header }: HttpResponse): boolean {
  if (status >= 200 && status < 300) return true;
  const location = header("location");
  if (!acceptsRedirect || status !== 302 || location === undefined || !URL.canParse(location, url)) return false;
  return new URL(location, url).host === new URL(url).host;
}

function failureOf({ title, now }: ServiceClientPorts, { status, header }: HttpResponse, reason: string): Failed {
  if (status === 401) return fail("unauthorized", `${title} rejected the credential (${reason}).`);
  if (status === 403) return fail("forbidden", `The credential has no permission for this at ${title} (${reason}).`);
  if (status === 404 || status === 410) return fail("not-found", `${title} did not find the resource (${reason}).`);
  if (status < 500) return fail("rejected", `${title} rejected the request (${reason}).`);
  const again = retryAfter(header("retry-after"), now());
  const until = again === undefined ? "" : ` until ${new Date(again).toISOString()}`;
  return fail("broken", `${title} is unavailable${until} (${reason}).`);
}

const notFromService = ({ title }: ServiceClientPorts, { status }: HttpResponse): Failed =>
  fail(
    "nonsense",
    `A response with status ${status} does not have the format of ${title}'s errors, so it was ignored. Check the url in the secret, and any proxy or firewall in between.`,
  );

/** GitHub, CircleCI and Jenkins use `message`, Travis CI uses `error_message`. */
const ErrorMessage = v.union([
  v.pipe(
    v.object({ message: v.string() }),
    v.transform(({ message }) => message),
  ),
  v.pipe(
    v.object({ error_message: v.string() }),
    v.transform(({ error_message }) => error_message),
  ),
]);

/** Empty unless the body is JSON: HTML pages are not quoted. */
function errorMessageIn(body: string): string {
  const message = v.safeParse(ErrorMessage, jsonOf(body));
  return message.success ? message.output : "";
}

function readJson<Value>(ports: ServiceClientPorts, response: HttpResponse, schema: Schema<Value>): Result<Value> {
  const json = isJson(response) ? jsonOf(response.body) : undefined;
  if (json === undefined) return unexpected(ports, "the body is not JSON");
  const read = v.safeParse(schema, json);
  if (read.success) return { value: read.output };
  // Not the issue's own message: it quotes the received value, which may be a credential.
  const path = v.getDotPath(read.issues[0]);
  return unexpected(ports, path ? `the field ${path} is missing or invalid` : "the JSON has another structure");
}

const unexpected = ({ title }: ServiceClientPorts, problem: string): Failed =>
  fail("nonsense", `The response does not have the format of ${title}'s API: ${problem}.`);
