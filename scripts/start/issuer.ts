import { createServer, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/listen";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

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
