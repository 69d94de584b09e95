import { evaluate } from "../iam/evaluate.ts";
import { parsePolicy, type Statement } from "../iam/policy.ts";
import type { Invocation } from "../lambda/execution-environment.ts";
import type { Refusal } from "./refusal.ts";

/** The result of an authorizer: the context of the client, or the refusal of the handshake. */
export type Authorized = { readonly authorizer: Readonly<Record<string, string>> } | Refusal;

export const UNAUTHORIZED: Refusal = { status: 401, message: "Unauthorized" };
export const AUTHORIZER_FAILURE: Refusal = { status: 500, message: "Internal server error" };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const ANSWER_BYTES_MAX = 8_192;

/** Evaluates the result of the authorizer's function for the resource of a handshake (AU-06 to AU-10). */
export function readAuthorization(invocation: Invocation, resource: string): Authorized {
  if (!("payload" in invocation)) {
    const isUnauthorized = "error" in invocation && invocation.error.errorMessage === "Unauthorized";
    return isUnauthorized ? UNAUTHORIZED : AUTHORIZER_FAILURE;
  }
  const answer = read(invocation.payload);
  if (!answer) return AUTHORIZER_FAILURE;
  const decision = evaluate(answer.statements, { action: "execute-api:Invoke", resource });
  if (decision === "allowed") return { authorizer: { ...answer.context, principalId: answer.principalId } };
  const how = decision === "explicit-deny" ? " with an explicit deny" : "";
  const body = JSON.stringify({ Message: `User is not authorized to access this resource${how}` });
  return { status: 403, message: "Forbidden", body };
}

interface Answer {
  readonly principalId: string;
  readonly statements: readonly Statement[];
  readonly context: Readonly<Record<string, string>>;
}

/** Undefined if API Gateway cannot parse it. */
function read(payload: unknown): Answer | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  if (Buffer.byteLength(JSON.stringify(payload)) > ANSWER_BYTES_MAX) return undefined;
  const { principalId, policyDocument, context } = payload as Record<string, unknown>;
  const texts = textsOf(context ?? {});
  const statements = statementsOf(policyDocument);
  if (typeof principalId !== "string" || !texts || !statements) return undefined;
  return { principalId, statements, context: texts };
}

function statementsOf(policyDocument: unknown): readonly Statement[] | undefined {
  try {
    return parsePolicy(policyDocument);
  } catch {
    return undefined;
  }
}

/** Strings, numbers and booleans become strings. A nested value is invalid (AU-10). */
function textsOf(context: unknown): Record<string, string> | undefined {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return undefined;
  const entries = Object.entries(context);
  if (entries.some(([, value]) => !["string", "number", "boolean"].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
