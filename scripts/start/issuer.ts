import { createServer, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/http-server";
import type { JWK } from "jose";
import { RULES } from "../../chatops/rules.ts";
import type { Environment, Settings } from "../../infra/settings/settings.ts";

export interface PublishedIssuer {
  /** The issuer claim of tokens. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the discovery document and the keys of an OpenID issuer on this machine. */
export async function publish(respondWithKeys: (response: ServerResponse) => void): Promise<PublishedIssuer> {
  const server = createServer(({ url: path }, response) => {
    if (path === "/keys") return respondWithKeys(response);
    if (path !== "/.well-known/openid-configuration") return response.writeHead(404).end();
    response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
  });
  const url = `http://${LOOPBACK}:${await listen(server, 0)}`;
  return { url, stop: () => close(server) };
}

/** The claims of a token that depend on the user. */
export interface UserClaims {
  readonly user: string;
  readonly audiences: readonly string[];
  readonly groups: readonly string[];
}

export interface LocalIssuer extends PublishedIssuer {
  /** Returns a token that is valid for a day. */
  tokenFor(claims: UserClaims): Promise<string>;
}

/** Starts an issuer with a new key, for trying out authentication on this machine. */
export async function startIssuer(): Promise<LocalIssuer> {
  const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const key: JWK = { ...(await exportJWK(publicKey)), kid: "local", alg: "ES256" };
  const published = await publish((response) => response.end(JSON.stringify({ keys: [key] })));
  return {
    ...published,
    tokenFor: ({ user, audiences, groups }) =>
      new SignJWT({ groups })
        .setProtectedHeader({ alg: "ES256", kid: "local" })
        .setIssuer(published.url)
        .setAudience([...audiences])
        .setSubject(user)
        .setIssuedAt()
        .setExpirationTime("1d")
        .sign(privateKey),
  };
}

/** How clients of the emulated stack authenticate. */
export interface LocalAuthentication {
  /** Replaces the authentication of the settings. Undefined if it stays. It is plain data, for another process. */
  readonly replacement: AuthenticationReplacement | undefined;
  /** Returns example commands that connect to a URL. Undefined if no token is needed. */
  readonly tryWith?: (url: string) => Promise<readonly string[]>;
  /** Returns a token of a local user. Undefined if the user is unknown, or if the local issuer is not used. */
  readonly tokenFor: (user: string) => Promise<string | undefined>;
  stop(): Promise<void>;
}

export type AuthenticationReplacement = { readonly kind: "none" } | { readonly kind: "jwt"; readonly issuer: string };

/** Two users, who can send to each other. */
export const USERS = ["anna", "ben"];

/** Both users have all rights in chat-ops, so each can confirm the actions of the other. */
const GROUPS = Object.values(RULES.groups);

/**
 * Keeps the authentication of the settings, or replaces it by another kind. `environmentsOf` returns the environments that
 * tokens are for, when one is issued. Throws if the kind is unknown.
 */
export async function localAuthentication(
  kind: string | undefined,
  environmentsOf: () => readonly Environment[],
): Promise<LocalAuthentication> {
  const nothing = async () => undefined;
  if (kind === undefined) return { replacement: undefined, tokenFor: nothing, stop: nothing };
  if (kind === "none") return { replacement: { kind }, tokenFor: nothing, stop: nothing };
  if (kind === "jwt") return withTokensOf(await startIssuer(), environmentsOf);
  throw new Error(`--auth is "${kind}"; it must be jwt or none.`);
}

/** The tokens are valid for all environments, whichever is played. */
function withTokensOf(issuer: LocalIssuer, environmentsOf: () => readonly Environment[]): LocalAuthentication {
  const tokenFor = (user: string) => {
    const audiences = environmentsOf().map(({ name }) => name);
    return issuer.tokenFor({ user, audiences, groups: [...new Set(GROUPS)] });
  };
  const tryWith = (url: string) =>
    Promise.all(USERS.map(async (user) => `npx wscat -c "${url}?token=${await tokenFor(user)}"  # ${user}`));
  return {
    replacement: { kind: "jwt", issuer: issuer.url },
    tryWith,
    tokenFor: async (user) => (USERS.includes(user) ? tokenFor(user) : undefined),
    stop: issuer.stop,
  };
}

/** Each environment needs its own audience. */
export const replaceAuthentication = (settings: Settings, replacement: AuthenticationReplacement): Settings => ({
  ...settings,
  environments: settings.environments.map((each) => ({
    ...each,
    authentication: replacement.kind === "none" ? replacement : { ...replacement, audience: each.name },
  })),
});
