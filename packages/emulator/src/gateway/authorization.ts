import type { IncomingMessage } from "node:http";
import type { Principal } from "../iam/principal.ts";
import type { AuthorizerConfig } from "../terraform/authorizers.ts";
import type { Api } from "./api.ts";
import { AUTHORIZER_FAILURE, readAuthorization, UNAUTHORIZED } from "./authorizer.ts";
import type { Connection } from "./connection.ts";
import { denialBody } from "./denial.ts";
import { authorizerEvent, type RequestContext } from "./events.ts";
import { hasIdentity } from "./identity.ts";
import type { Refusal } from "./refusal.ts";

export interface Handshaking {
  readonly connection: Connection;
  readonly request: IncomingMessage;
  readonly requestContext: RequestContext;
}

/** The identity of the client for this connection, and the latency of the authorizer, if the route has one. */
export type Authorized = Pick<Connection, "authorizer" | "identity"> & { readonly integrationLatency?: number };

/** Runs the authorization of `$connect`. Only handshakes are authorized (HS-38). */
export async function authorize(api: Api, handshaking: Handshaking): Promise<Authorized | Refusal> {
  const authorization = api.route("$connect")?.authorization;
  switch (authorization?.type) {
    case "CUSTOM":
      return askAuthorizer(api, authorization, handshaking);
    case "AWS_IAM":
      return askIam(api, handshaking);
    default:
      return {};
  }
}

async function askAuthorizer(
  api: Api,
  authorizer: AuthorizerConfig,
  handshaking: Handshaking,
): Promise<Authorized | Refusal> {
  if (!hasIdentity(authorizer.identitySources, { ...handshaking, stage: api.stage })) return UNAUTHORIZED;
  if (!api.permits(authorizer)) return AUTHORIZER_FAILURE;
  const startedAt = Date.now();
  const invocation = await api.invoke(authorizer.functionName, authorizerEvent(api, handshaking));
  const outcome = readAuthorization(invocation, `${api.stage.executionArn}/$connect`);
  return "status" in outcome ? outcome : { ...outcome, integrationLatency: Date.now() - startedAt };
}

/** HS-36, HS-37: signed in the headers, or in the query string as browsers must. */
function askIam(api: Api, { request }: Handshaking): Authorized | Refusal {
  const { method = "GET", url = "", headers } = request;
  const access = { action: "execute-api:Invoke", resource: `${api.stage.executionArn}/$connect` };
  const verdict = api.guard({ method, path: url, headers, body: "" }, [access]);
  if ("principal" in verdict) return { identity: identityOf(verdict.principal) };
  return { status: 403, message: "Forbidden", body: denialBody(verdict) };
}

/** The client is anonymous if IAM is off. */
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
