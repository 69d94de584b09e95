import { createServer, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/listen";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export interface Published {
  /** The issuer, as it stands in tokens. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Publishes what an OpenID issuer does, on this machine: where its keys are, and the keys. */
export async function publish(answerKeys: (response: ServerResponse) => void): Promise<Published> {
  const server = createServer(({ url: path }, response) => {
    if (path === "/keys") return answerKeys(response);
    if (path !== "/.well-known/openid-configuration") return response.writeHead(404).end();
    response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
  });
  const url = `http://${LOOPBACK}:${await listen(server, 0)}`;
  return { url, stop: () => close(server) };
}

/** What a token says beside who made it, and when. */
export interface Claims {
  readonly user: string;
  readonly audiences: readonly string[];
  readonly groups: readonly string[];
}

export interface LocalIssuer extends Published {
  /** Good for a day. */
  tokenFor(claims: Claims): Promise<string>;
}

/** An issuer whose key is made now, and known to nobody else: to try what takes tokens. */
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
