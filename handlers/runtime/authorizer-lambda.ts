import type { Context } from "../../authentication/identity.ts";
import type { Handshake } from "../../authentication/token-in.ts";
import { metrics } from "../../aws/metrics.ts";
import { now, within } from "../../aws/runtime.ts";
import { type LambdaContext, lowerCaseNames, type RouteEvent } from "./lambda.ts";

/** What API Gateway hands to the authorizer of `$connect`. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html */
export interface AuthorizerEvent extends Pick<RouteEvent, "requestContext"> {
  /** The stage's `$connect`, to which an answer lets the client or not. */
  readonly methodArn: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

/** Who somebody is; or that nobody can tell (401), or that it is nobody for us (403), with a word for the log. */
export type Verdict =
  | { readonly user: string; readonly context: Context }
  | { readonly refused: "unauthorized" | "forbidden"; readonly why: string };

export type Authorize<Ports> = (ports: Ports, handshake: Handshake) => Promise<Verdict>;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
export interface Authorization {
  readonly principalId: string;
  readonly policyDocument: object;
  readonly context?: Context;
}

/** Reserved to count and log a fault before Lambda ends the function. */
const MARGIN_MILLISECONDS = 500;

/**
 * The boundary between API Gateway and an authorizer: reads the handshake, calls the authorizer, answers with a policy, and
 * logs one line. It logs nothing that the client sent, because any part of it may be a token. A fault becomes a 500. Faults
 * and timeouts are counted here: Lambda counts them together with every 401, which any client can cause.
 */
export const authorizerLambda =
  <Ports>(authorize: Authorize<Ports>, ports: Ports) =>
  async (event: AuthorizerEvent, { getRemainingTimeInMillis }: LambdaContext): Promise<Authorization> => {
    const { headers = {}, queryStringParameters: query = {}, methodArn, requestContext } = event;
    const { connectionId, requestId } = requestContext;
    const started = now();
    const line = () => ({ route: "$connect", connectionId, requestId, durationMs: now() - started });
    const asked = authorize(ports, { headers: lowerCaseNames(headers), query });
    const milliseconds = getRemainingTimeInMillis() - MARGIN_MILLISECONDS;
    const verdict = await within(milliseconds, asked, new OutOfTime()).catch((fault) => {
      metrics.count("Faults");
      metrics.write();
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      throw fault;
    });
    console.info({ ...line(), ...("refused" in verdict && { refused: verdict.why }) });
    return answerTo(verdict, methodArn);
  };

class OutOfTime extends Error {
  constructor() {
    super("The authorizer did not decide before its timeout");
    this.name = "OutOfTime";
  }
}

/** Throws for a 401: this very word, and nothing else, makes it one. */
function answerTo(verdict: Verdict, methodArn: string): Authorization {
  if (!("refused" in verdict)) {
    return { principalId: verdict.user, policyDocument: policy("Allow", methodArn), context: verdict.context };
  }
  if (verdict.refused === "unauthorized") throw new Error("Unauthorized");
  return { principalId: "nobody", policyDocument: policy("Deny", methodArn) };
}

const policy = (Effect: "Allow" | "Deny", Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect, Resource }],
});
