import type { Handshake, Verdict } from "../../authentication/authenticate.ts";
import type { AuthorizerContext } from "../../authentication/identity.ts";
import { metrics } from "../../aws/metrics.ts";
import { now, within } from "../../aws/runtime.ts";
import { type LambdaContext, lowerCaseNames, type RouteEvent } from "./lambda.ts";

/** The event of the authorizer of `$connect`. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html */
export interface AuthorizerEvent extends Pick<RouteEvent, "requestContext"> {
  /** The ARN of the stage's `$connect`, for the policy. */
  readonly methodArn: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

export type Authorize<Ports> = (ports: Ports, handshake: Handshake) => Promise<Verdict>;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
export interface Authorization {
  readonly principalId: string;
  readonly policyDocument: object;
  readonly context?: AuthorizerContext;
}

/** Reserved to count and log a fault before Lambda ends the function. */
const LOG_MARGIN_MILLISECONDS = 500;

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
    const milliseconds = getRemainingTimeInMillis() - LOG_MARGIN_MILLISECONDS;
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
    super("The authorizer did not finish before its timeout. Check whether the issuer's keys can be fetched in time");
    this.name = "OutOfTime";
  }
}

/** Throws the error `Unauthorized`: API Gateway answers 401 only for this exact message. */
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
