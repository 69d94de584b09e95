import { isUser } from "../chat/user.ts";

/** Who somebody is, as a token or a signature says. */
export interface Identity {
  readonly user: string;
  /** For people to read. The chat shows the user: at many issuers, a name is whatever its bearer likes. */
  readonly name?: string;
  readonly groups: readonly string[];
  /** When the connection ends with the token, in epoch milliseconds. */
  readonly expiresAt?: number;
}

/** What an authorizer tells of a client: API Gateway takes texts, numbers and booleans, and hands on texts. */
export type Context = Readonly<Record<string, string | number>>;

/** All that an authorizer answers has 8 KB at most, and the policy takes a part. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const CONTEXT_BYTES_MAX = 6_144;

/** Undefined where it is more than an authorizer may tell. */
export function contextOf({ groups, ...rest }: Identity): Context | undefined {
  const context = { ...rest, groups: JSON.stringify(groups) };
  return new TextEncoder().encode(JSON.stringify(context)).length > CONTEXT_BYTES_MAX ? undefined : context;
}

/** What the authorizer told. Throws where it told of nobody: then there is none, and nobody may connect. */
export function identityInContext({ user, name, groups, expiresAt }: Readonly<Record<string, unknown>>): Identity {
  if (typeof user !== "string" || typeof groups !== "string") throw new Unidentified("an authorizer's context");
  return {
    user,
    groups: JSON.parse(groups),
    ...(typeof name === "string" && { name }),
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
  };
}

/**
 * Who signed the handshake. All users of a Cognito identity pool share one role and one session's name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function identityOfSigner({ cognitoIdentityId, userArn }: Readonly<Record<string, unknown>>): Identity {
  const user = cognitoIdentityId ?? userArn;
  if (typeof user !== "string" || !isUser(user)) throw new Unidentified("a signature");
  return { user, groups: [] };
}

/** The environment wants to know who somebody is, and API Gateway let them in without. */
class Unidentified extends Error {
  constructor(evidence: string) {
    super(`A handshake came without ${evidence}. $connect must not be open in this environment: deploy it again.`);
    this.name = "Unidentified";
  }
}
