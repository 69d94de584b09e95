import { isUser } from "../chat/user.ts";

/** Which tokens are accepted, and how their claims are read. A setting of the environment. */
export interface TokenRules {
  /** Exactly the `iss` claim of tokens. Its discovery document leads to the public keys. */
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audience: string | readonly string[];
  /** Access tokens of Cognito have their audience in `client_id`, and their purpose in `token_use`. */
  readonly kind: "cognito" | "jwt";
  /** The claim with the user id. The issuer must keep it unique, and users must not be able to change it. */
  readonly userClaim: string;
  readonly groupsClaim: string;
  /** Whether connections close when the token expires that opened them. */
  readonly closeAtExpiry: boolean;
}

/** The authenticated user of a handshake. */
export interface Identity {
  readonly user: string;
  /** For display only: many issuers let users choose any name, so the chat shows `user`. */
  readonly name?: string;
  readonly groups: readonly string[];
  /** When the token expires and the connection must close, in epoch milliseconds. */
  readonly expiresAt?: number;
}

/** The context of an authorizer's response. API Gateway accepts strings, numbers and booleans, and passes on strings. */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/**
 * An authorizer's response has at most 8 KB, which includes the policy.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
const CONTEXT_BYTES_MAX = 6_144;

/** Undefined if the context would exceed the limit. */
export function contextOf({ groups, ...rest }: Identity): AuthorizerContext | undefined {
  const context = { ...rest, groups: JSON.stringify(groups) };
  return new TextEncoder().encode(JSON.stringify(context)).length > CONTEXT_BYTES_MAX ? undefined : context;
}

/** Reads the identity from the authorizer. Throws if it is missing: the environment requires the authorizer. */
export function identityInContext({ user, name, groups, expiresAt }: Readonly<Record<string, unknown>>): Identity {
  if (typeof user !== "string" || typeof groups !== "string") throw new Unauthenticated("an authorizer's context");
  return {
    user,
    groups: JSON.parse(groups),
    ...(typeof name === "string" && { name }),
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
  };
}

/**
 * The IAM caller who signed the handshake. All users of a Cognito identity pool share one role and session name, so their
 * user is the identity's id. https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function identityOfSigner({ cognitoIdentityId, userArn }: Readonly<Record<string, unknown>>): Identity {
  const user = cognitoIdentityId ?? userArn;
  if (typeof user !== "string" || !isUser(user)) throw new Unauthenticated("a signature");
  return { user, groups: [] };
}

/** The environment requires authentication, but API Gateway accepted a handshake without it. */
class Unauthenticated extends Error {
  constructor(evidence: string) {
    super(
      `API Gateway accepted a handshake without ${evidence}, although this environment requires authentication. Deploy the stack again to restore the authorization of $connect.`,
    );
    this.name = "Unauthenticated";
  }
}
