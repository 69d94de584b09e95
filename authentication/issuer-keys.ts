import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";

/** The timeout of a request. A handshake waits for at most two of them. */
const RESPONSE_MILLISECONDS_MAX = 3_000;

/** How long to wait after a failed request. Handshakes that need a key during this time fail. */
const FAILURE_COOLDOWN_MILLISECONDS = 5_000;

/** The minimum time between requests for unknown key ids: any client can send a token with an invented key id. */
const KEY_COOLDOWN_MILLISECONDS = 5_000;

/** How long a key is accepted after the issuer has withdrawn it. */
const KEYS_MILLISECONDS_MAX = 10 * 60_000;

export interface Issuer {
  /** A function, because the configuration is read when the first key is needed. */
  readonly issuer: () => string;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The public keys of an OpenID issuer, found through its discovery document. Keys are cached, and requested again when a
 * token names an unknown key. Rejects with `IssuerUnavailable` if the keys cannot be read.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function issuerKeys(from: Issuer): JWTVerifyGetKey {
  const fetch = fetchWithCooldown(from);
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    keys ??= discover(from.issuer(), fetch).catch((fault) => {
      // Not cached: the next handshake tries again.
      keys = undefined;
      throw fault;
    });
    return (await keys)(header, token);
  };
}

class IssuerUnavailable extends Error {
  constructor(issuer: string, reason: unknown) {
    super(`Cannot read the keys of the issuer ${issuer}: ${reason instanceof Error ? reason.message : reason}`);
    this.name = "IssuerUnavailable";
  }
}

type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** After a failure, rejects without a request until the cooldown ends. */
function fetchWithCooldown({ issuer, fetch, now }: Issuer): Fetch {
  let [failedAt, reason]: [number, unknown] = [Number.NEGATIVE_INFINITY, undefined];
  return async (url, options) => {
    if (now() < failedAt + FAILURE_COOLDOWN_MILLISECONDS) throw new IssuerUnavailable(issuer(), reason);
    try {
      const response = await fetch(url, options);
      if (response.status !== 200) throw new Error(`${url} responds with status ${response.status}`);
      return response;
    } catch (fault) {
      [failedAt, reason] = [now(), fault];
      throw new IssuerUnavailable(issuer(), fault);
    }
  };
}

async function discover(issuer: string, fetch: Fetch): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const signal = AbortSignal.timeout(RESPONSE_MILLISECONDS_MAX);
  const document = (await (await fetch(url, { signal, redirect: "error" })).json()) as Record<string, unknown>;
  const { issuer: named, jwks_uri: keysUrl } = document;
  // The specification requires this check: another issuer's keys must not be accepted.
  if (named !== issuer) throw new IssuerUnavailable(issuer, `${url} names the issuer ${named}`);
  const { href, protocol } = new URL(String(keysUrl));
  if (protocol !== new URL(issuer).protocol)
    throw new IssuerUnavailable(issuer, `its key URL ${href} has another protocol`);
  return createRemoteJWKSet(new URL(href), {
    [customFetch]: fetch,
    timeoutDuration: RESPONSE_MILLISECONDS_MAX,
    cooldownDuration: KEY_COOLDOWN_MILLISECONDS,
    cacheMaxAge: KEYS_MILLISECONDS_MAX,
  });
}
