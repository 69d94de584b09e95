import { createHmac } from "node:crypto";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { publish } from "../../scripts/start/issuer.ts";

export type Algorithm = "RS256" | "ES256";

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** The properties of a token that a test changes. */
export interface Own {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: SigningKey;
}

/** An issuer with real keys, controlled by a test. */
export interface TestIssuer {
  readonly url: string;
  /** The current signing key. */
  readonly key: SigningKey;
  /** The number of requests for its keys. */
  readonly asked: number;
  /** Returns a token, by default for the user anna and valid for an hour. */
  token(own?: Own): Promise<string>;
  /** Replaces the signing key and publishes only the new one. */
  rotate(algorithm?: Algorithm): Promise<void>;
  /** Sets the status of the following responses. */
  answerWith(status: number): void;
  stop(): Promise<void>;
}

export const AUDIENCE = "chat-test";

let keys = 0;

export async function aKey(algorithm: Algorithm): Promise<SigningKey> {
  keys += 1;
  return { kid: `key-${keys}`, algorithm, ...(await generateKeyPair(algorithm, { extractable: true })) };
}

/** Starts an issuer with a new key. Generating an RSA key takes a hundred times as long as one for ES256. */
export const startTestIssuer = async (algorithm: Algorithm = "ES256"): Promise<TestIssuer> =>
  startIssuerWith(await aKey(algorithm));

/** Starts an issuer with this key. */
export async function startIssuerWith(first: SigningKey): Promise<TestIssuer> {
  let key = first;
  let [jwk, status, asked]: [JWK, number, number] = [await jwkOf(key), 200, 0];
  const { url, stop } = await publish((response) => {
    asked += 1;
    response.writeHead(status).end(JSON.stringify({ keys: [jwk] }));
  });
  return {
    url,
    stop,
    get key() {
      return key;
    },
    get asked() {
      return asked;
    },
    token: (own) => sign({ iss: url, ...own?.claims }, own?.key ?? key),
    async rotate(next = key.algorithm) {
      key = await aKey(next);
      jwk = await jwkOf(key);
    },
    answerWith(next) {
      status = next;
    },
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** Omits undefined claims. */
const sign = (claims: NonNullable<Own["claims"]>, { privateKey, kid, algorithm }: SigningKey): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify({ ...aGoodToken(), ...claims })))
    .setProtectedHeader({ alg: algorithm, kid })
    .sign(privateKey);

const aGoodToken = (): JWTPayload => ({ sub: "anna", aud: AUDIENCE, exp: seconds() + 3600, groups: ["staff"] });

const jwkOf = async ({ publicKey, kid, algorithm }: SigningKey): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  ...{ kid, alg: algorithm, use: "sig" },
});

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token with the algorithm "none". */
export async function unsigned(issuer: TestIssuer): Promise<string> {
  const [, claims] = (await issuer.token()).split(".");
  return `${encoded({ alg: "none" })}.${claims}.`;
}

/** A token signed with the public key of the issuer as an HMAC secret. */
export async function confused(issuer: TestIssuer): Promise<string> {
  const [, claims] = (await issuer.token()).split(".");
  const signed = `${encoded({ alg: "HS256", kid: issuer.key.kid })}.${claims}`;
  const signature = createHmac("sha256", await exportSPKI(issuer.key.publicKey)).update(signed);
  return `${signed}.${signature.digest("base64url")}`;
}
