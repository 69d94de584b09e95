import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { evaluate } from "../iam/evaluate.ts";
import { parsePolicy, type Statement } from "../iam/policy.ts";
import type { Principal } from "../iam/principal.ts";
import type { Invocation } from "../lambda/execution-environment.ts";
import type { AuthorizerConfig, IdentitySource } from "../terraform/authorizers.ts";
import type { StageConfig } from "../terraform/stage.ts";
import type { AuthorizationLogFields } from "./access-log.ts";
import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { authorizerEvent, type PendingHandshake } from "./events.ts";
import { queryValues } from "./handshake-request.ts";
import { denialBody, type Refusal } from "./refusal.ts";
import { propertyAt } from "./selection-expression.ts";

/** The identity that the connection keeps. */
export type Authorized = Pick<Connection, "authorizer" | "identity">;

/** The outcome of the authorization, and its fields of the access log, if the route has one. */
export type Authorization = (Authorized | Refusal) & { readonly log?: AuthorizationLogFields };

const UNAUTHORIZED: Refusal = { status: 401, message: "Unauthorized" };
const AUTHORIZER_FAILURE: Refusal = { status: 500, message: "Internal server error" };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const AUTHORIZER_RESULT_BYTES_MAX = 8_192;

/** Runs the authorization of `$connect`. Only handshakes are authorized (rule HS-38 in docs/api-gateway-rules.md). */
export async function authorize(api: Api, handshake: PendingHandshake): Promise<Authorization> {
  const authorization = api.route("$connect")?.authorization;
  switch (authorization?.type) {
    case "CUSTOM":
      return runAuthorizer(api, authorization, handshake);
    case "AWS_IAM":
      return authorizeByIam(api, handshake.request);
    default:
      return {};
  }
}

async function runAuthorizer(
  api: Api,
  authorizer: AuthorizerConfig,
  handshake: PendingHandshake,
): Promise<Authorization> {
  // The authorizer runs only if every identity source has a value (AU-04).
  const hasValue = (source: IdentitySource) => identityValue(source, handshake, api.stage);
  if (!authorizer.identitySources.every(hasValue)) return UNAUTHORIZED;
  if (!api.permits(authorizer)) return AUTHORIZER_FAILURE;
  const startedAt = performance.now();
  const requestId = randomUUID();
  const invocation = await api.invoke(authorizer.functionName, authorizerEvent(api, handshake), requestId);
  const latency = Math.round(performance.now() - startedAt);
  const outcome = readAuthorizerResult(invocation, `${api.stage.executionArn}/$connect`);
  const integrationStatus = "throttled" in invocation ? 429 : 200;
  const ran = { integrationStatus, integrationLatency: latency, requestId, latency };
  return { ...outcome, log: authorizerLog(outcome, ran) };
}

/** A refusal by policy is not an error of the authorizer. */
function authorizerLog(
  outcome: Authorized | Refusal,
  ran: Omit<NonNullable<AuthorizationLogFields["authorizer"]>, "status">,
): AuthorizationLogFields {
  if (!("status" in outcome)) return { authorizer: { ...ran, status: 200 }, authorize: ALLOWED };
  const { status, message } = outcome;
  if (status !== 403) return { authorizer: { ...ran, status, error: message } };
  return { authorizer: { ...ran, status: 200 }, authorize: denied(message) };
}

const ALLOWED = { status: 200, latency: 0 };
const denied = (error: string) => ({ status: 403, latency: 0, error });

function identityValue(
  { from, name }: IdentitySource,
  { request, requestContext }: PendingHandshake,
  stage: StageConfig,
): unknown {
  switch (from) {
    case "header":
      return request.headers[name.toLowerCase()];
    case "querystring":
      return queryValues(request)[name]?.at(-1);
    case "stageVariables":
      return stage.variables[name];
    case "context":
      return propertyAt(requestContext, name);
  }
}

/** Evaluates the result of an authorizer's function for the resource of a handshake (AU-06 to AU-10). */
export function readAuthorizerResult(
  invocation: Invocation,
  resource: string,
): { readonly authorizer: Readonly<Record<string, string>> } | Refusal {
  if (!("payload" in invocation)) {
    const isUnauthorized = "error" in invocation && invocation.error.errorMessage === "Unauthorized";
    return isUnauthorized ? UNAUTHORIZED : AUTHORIZER_FAILURE;
  }
  const result = parseAuthorizerResult(invocation.payload);
  if (!result) return AUTHORIZER_FAILURE;
  const decision = evaluate(result.statements, { action: "execute-api:Invoke", resource });
  if (decision === "allowed") return { authorizer: { ...result.context, principalId: result.principalId } };
  const how = decision === "explicit-deny" ? " with an explicit deny" : "";
  const body = JSON.stringify({ Message: `User is not authorized to access this resource${how}` });
  return { status: 403, message: "Forbidden", body };
}

interface AuthorizerResult {
  readonly principalId: string;
  readonly statements: readonly Statement[];
  readonly context: Readonly<Record<string, string>>;
}

/** Undefined if API Gateway rejects the result as invalid. */
function parseAuthorizerResult(payload: unknown): AuthorizerResult | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  if (Buffer.byteLength(JSON.stringify(payload)) > AUTHORIZER_RESULT_BYTES_MAX) return undefined;
  const { principalId, policyDocument, context } = payload as Record<string, unknown>;
  const strings = stringsOf(context ?? {});
  const statements = statementsOf(policyDocument);
  if (typeof principalId !== "string" || !strings || !statements) return undefined;
  return { principalId, statements, context: strings };
}

function statementsOf(policyDocument: unknown): readonly Statement[] | undefined {
  try {
    return parsePolicy(policyDocument);
  } catch {
    return undefined;
  }
}

/** Strings, numbers and booleans become strings. A nested value is invalid (AU-10). */
function stringsOf(context: unknown): Record<string, string> | undefined {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return undefined;
  const entries = Object.entries(context);
  if (entries.some(([, value]) => !["string", "number", "boolean"].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/**
 * Requires a signature in the headers (HS-36) or in the query string, the only place where a browser can put it
 * (HS-37).
 */
function authorizeByIam(api: Api, { method = "GET", url = "", headers }: IncomingMessage): Authorization {
  const access = { action: "execute-api:Invoke", resource: `${api.stage.executionArn}/$connect` };
  const verdict = api.guard({ method, path: url, headers, body: "" }, [access]);
  if ("principal" in verdict) {
    return { identity: identityOf(verdict.principal), log: { authenticate: ALLOWED, authorize: ALLOWED } };
  }
  const refused = denied(verdict.message);
  // The guard names the access only if the signature is valid.
  const log = verdict.access ? { authenticate: ALLOWED, authorize: refused } : { authenticate: refused };
  return { status: 403, message: "Forbidden", body: denialBody(verdict), log };
}

/** With `--no-iam`, there is no principal and the client is anonymous. */
const identityOf = (principal: Principal | undefined): Readonly<Record<string, string>> =>
  principal
    ? {
        accessKey: principal.credentials.accessKeyId,
        accountId: principal.accountId,
        caller: principal.arn,
        user: principal.arn,
        userArn: principal.arn,
      }
    : {};
