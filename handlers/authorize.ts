import { authenticate } from "../authentication/authenticate.ts";
import { issuerKeys } from "../authentication/issuer-keys.ts";
import { now, tokenRules } from "../aws/runtime.ts";
import { authorizerLambda } from "./runtime/authorizer-lambda.ts";

/** Outside of the handler, so that an execution environment keeps the keys from one handshake to the next. */
const keys = issuerKeys({ issuer: () => tokenRules().issuer, fetch, now });

export const handler = authorizerLambda(authenticate, { rules: tokenRules, keys, now });
