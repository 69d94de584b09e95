import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";

/** How long an issuer may take for an answer. It is asked for two at most, in a handshake that waits. */
const ANSWER_MILLISECONDS_MAX = 3_000;

/** How long an issuer that does not answer is left alone. Who needs a key of it meanwhile is not let in. */
const FAILURE_COOLDOWN_MILLISECONDS = 5_000;

/** Anybody can make up the name of a key: an issuer is not asked for one more often than this. */
const KEY_COOLDOWN_MILLISECONDS = 5_000;

/** How long a key that the issuer withdraws is still taken. */
const KEYS_MILLISECONDS_MAX = 10 * 60_000;

export interface Issuer {
  /** Asked when a key is first needed. */
  readonly issuer: () => string;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The public keys of an OpenID issuer, from where its discovery document says. They are kept, and asked for anew when a
 * token has a key that is not among them. Rejects with `IssuerUnavailable` where the issuer does not give them.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function issuerKeys(from: Issuer): JWTVerifyGetKey {
  const fetch = sparing(from);
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    keys ??= discover(from.issuer(), fetch).catch((fault) => {
      // The next one asks again.
      keys = undefined;
      throw fault;
    });
    return (await keys)(header, token);
  };
}

export class IssuerUnavailable extends Error {
  constructor(issuer: string, why: unknown) {
    super(`The issuer ${issuer} gives no keys: ${why instanceof Error ? why.message : why}`);
    this.name = "IssuerUnavailable";
  }
}

type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** Leaves an issuer alone for a while that has failed. */
function sparing({ issuer, fetch, now }: Issuer): Fetch {
  let [failedAt, why]: [number, unknown] = [Number.NEGATIVE_INFINITY, undefined];
  return async (url, options) => {
    if (now() < failedAt + FAILURE_COOLDOWN_MILLISECONDS) throw new IssuerUnavailable(issuer(), why);
    try {
      const response = await fetch(url, options);
      if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
      return response;
    } catch (fault) {
      [failedAt, why] = [now(), fault];
      throw new IssuerUnavailable(issuer(), fault);
    }
  };
}

async function discover(issuer: string, fetch: Fetch): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS_MAX);
  const document = (await (await fetch(url, { signal, redirect: "error" })).json()) as Record<string, unknown>;
  const { issuer: named, jwks_uri: keysUrl } = document;
  // Who answers for somebody else's address must not have its keys taken.
  if (named !== issuer) throw new IssuerUnavailable(issuer, `${url} speaks of the issuer ${named}`);
  const { href, protocol } = new URL(String(keysUrl));
  if (protocol !== new URL(issuer).protocol) throw new IssuerUnavailable(issuer, `its keys are at ${href}`);
  return createRemoteJWKSet(new URL(href), {
    [customFetch]: fetch,
    timeoutDuration: ANSWER_MILLISECONDS_MAX,
    cooldownDuration: KEY_COOLDOWN_MILLISECONDS,
    cacheMaxAge: KEYS_MILLISECONDS_MAX,
  });
}
