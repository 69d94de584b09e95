import * as v from "valibot";
import { group, onOrOff, text } from "./setting-rules.ts";

/** The pages that may connect. */
export const origins = v.pipe(
  v.array(text(/^[a-z][a-z\d+.-]*:\/\/[^\s/]+$/, 'origins as browsers name them, such as "https://chat.example.com"')),
  v.minLength(1, "one origin at least; leave the setting out to allow all"),
);

/** Who may connect, and who they are. */
export const authentication = v.variant(
  "kind",
  [
    /** Anybody, under a name of their own choice. */
    group({ kind: v.literal("none") }),
    group({
      kind: v.literal("cognito"),
      /** One that is there already. Without it the stack makes a pool and a client. */
      pool: v.exactOptional(
        group({
          userPoolId: text(/^[a-z\d-]+_\w+$/, 'the id of a user pool, such as "eu-west-2_AbCdEfGhI"'),
          clientId: text(/^[\w+]+$/, "the id of one of the pool's app clients"),
        }),
      ),
      closeAtTokenExpiry: onOrOff,
    }),
    group({
      kind: v.literal("jwt"),
      /** As it stands in its tokens. */
      issuer: text(
        /^(https:\/\/|http:\/\/127\.0\.0\.1:)[^\s?#]+$/,
        'the https address of an OpenID issuer, such as "https://login.example.com/"',
      ),
      /** What the tokens of this environment, and of no other, are for. */
      audience: text(/^\S+$/, "a text without spaces"),
      /** The claim that says who somebody is. The issuer must keep it unique, and let nobody change it. */
      userClaim: v.exactOptional(text(/^\S+$/, "the name of a claim")),
      groupsClaim: v.exactOptional(text(/^\S+$/, "the name of a claim")),
      closeAtTokenExpiry: onOrOff,
    }),
    /** Whoever signs the handshake, and may by IAM. */
    group({ kind: v.literal("iam") }),
  ],
  "{ kind: … }, which is one of none, cognito, jwt, iam",
);

export type Authentication = Readonly<v.InferOutput<typeof authentication>>;

/** Whether anybody is asked who they are. */
export const hasUsers = ({ kind }: Authentication): boolean => kind !== "none";

/** Whether an authorizer looks at tokens. */
export const takesTokens = ({ kind }: Authentication): boolean => kind === "cognito" || kind === "jwt";

/** Whether connections end with their tokens. */
export const closesAtExpiry = (settings: Authentication): boolean =>
  "closeAtTokenExpiry" in settings && settings.closeAtTokenExpiry === true;

/** Which tokens are taken, in words; undefined where there are none, or no others can take them. */
export function tokensOf(settings: Authentication): string | undefined {
  if (settings.kind === "jwt") return `those of ${settings.issuer} for ${settings.audience}`;
  const pool = settings.kind === "cognito" && settings.pool;
  return pool ? `those of ${pool.userPoolId} for ${pool.clientId}` : undefined;
}
