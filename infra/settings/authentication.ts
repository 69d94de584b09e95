import * as v from "valibot";
import { REGIONS } from "./regions.ts";
import { group, onOrOff, text } from "./rules.ts";

/** The origins of the pages that may connect. */
export const origins = v.pipe(
  v.array(
    text(/^[a-z][a-z\d+.-]*:\/\/[!-.0-~]+$/, 'origins as browsers send them, such as "https://chat.example.com"'),
    "a list of origins",
  ),
  v.minLength(1, "at least one origin; to allow all origins, remove the setting"),
);

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html */
const userPoolId = text(
  new RegExp(`^(?=.{1,55}$)(${REGIONS.join("|")})_[\\da-zA-Z]+$`),
  'the id of a user pool, such as "eu-west-2_AbCdEfGhI"',
);

const issuer = v.pipe(
  text(
    /^(https:\/\/|http:\/\/127\.0\.0\.1:)[^\s?#\p{Cc}\p{Cs}]+$/u,
    'the https address of an OpenID issuer, such as "https://login.example.com/"',
  ),
  v.check((address) => URL.canParse(address), 'an address with a valid host, such as "https://login.example.com/"'),
);

const claim = text(/^[^\s\p{Cc}\p{Cs}]+$/u, "the name of a claim");

/** How the users of an environment are authenticated. */
export const authentication = v.variant(
  "kind",
  [
    /** Everybody can connect, as a guest who chooses a name. */
    group({ kind: v.literal("none") }),
    group({
      kind: v.literal("cognito"),
      /** An existing user pool. Without it, the stack creates a pool and an app client. */
      pool: v.exactOptional(
        group({
          userPoolId,
          clientId: text(/^[\w+]{1,128}$/, "the id of one of the pool's app clients"),
        }),
      ),
      closeAtTokenExpiry: onOrOff,
    }),
    group({
      kind: v.literal("jwt"),
      /** Exactly as in the `iss` claim of its tokens. */
      issuer,
      /** The `aud` claim of tokens for this environment. Each environment needs its own. */
      audience: text(/^[^\s\p{Cc}\p{Cs}]+$/u, "a text without spaces"),
      /** The claim that identifies a user. It must be unique at the issuer, and users must not be able to change it. */
      userClaim: v.exactOptional(claim),
      groupsClaim: v.exactOptional(claim),
      closeAtTokenExpiry: onOrOff,
    }),
    /** IAM identities that sign the handshake and have permission to connect. */
    group({ kind: v.literal("iam") }),
  ],
  "{ kind: … }, which is one of none, cognito, jwt, iam",
);

export type Authentication = Readonly<v.InferOutput<typeof authentication>>;

/** Whether the environment has authenticated users. */
export const hasUsers = ({ kind }: Authentication): boolean => kind !== "none";

/** Whether an authorizer checks tokens. */
export const acceptsTokens = ({ kind }: Authentication): boolean => kind === "cognito" || kind === "jwt";

/** Whether a connection is closed when its token expires. */
export const closesAtExpiry = (settings: Authentication): boolean =>
  "closeAtTokenExpiry" in settings && settings.closeAtTokenExpiry === true;

/** The tokens that an environment accepts, in words. Empty if no other environment can accept the same tokens. */
export function tokensOf(settings: Authentication, pageClientId: string | undefined): readonly string[] {
  if (settings.kind === "jwt") return [`those of ${settings.issuer} for ${settings.audience}`];
  const pool = settings.kind === "cognito" && settings.pool;
  if (!pool) return [];
  const clients = [pool.clientId, ...(pageClientId === undefined ? [] : [pageClientId])];
  return clients.map((clientId) => `those of ${pool.userPoolId} for ${clientId}`);
}
