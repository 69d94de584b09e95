import { authenticate } from "../authentication/authenticate.ts";
import { issuerKeys } from "../authentication/issuer-keys.ts";
import { configOf } from "../aws/config.ts";
import { now } from "../aws/runtime.ts";
import { authorizerLambda } from "./runtime/authorizer-lambda.ts";
import * as settings from "./settings.ts";

const { tokenRules: rules } = configOf(settings.authorize);

/** Outside of the handler, so that an execution environment keeps the keys from one handshake to the next. */
const keys = issuerKeys({ issuer: () => rules.issuer, fetch, now });

export const handler = authorizerLambda(authenticate, { rules: () => rules, keys, now });
