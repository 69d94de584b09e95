import { createPublicKey, generateKeyPairSync, randomBytes, verify } from "node:crypto";
import { github } from "../../../chatops/github/github.ts";
import type { ServiceStandIn, Setting } from "./service-stand-in.ts";
import { type Answered, type Asked, type Route, startStandIn } from "./stand-in.ts";

/* The endpoints of an App's installation in GitHub's REST API. https://docs.github.com/en/rest/apps */

const DOCUMENTATION = "https://docs.github.com/rest";
const error = (status: number, message: string): Answered => ({
  status,
  body: { message, documentation_url: DOCUMENTATION, status: String(status) },
});
const BAD_CREDENTIALS = error(401, "Bad credentials");
const NOT_FOUND = error(404, "Not Found");
const NO_CONTENT: Answered = { status: 204 };
const APP = "Iv1.8a61f9b3a7aba766";
const INSTALLATION = "4711";

/** Shorter than GitHub's keys: tests sign thousands of requests. */
const pair = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const { privateKey } = pair;
const publicKey = createPublicKey(pair.publicKey);

const bearer = ({ headers }: Asked): string => (headers.authorization ?? "").replace(/^Bearer /, "");

/** Signed by the App, valid now, and for at most ten minutes. */
function isOfApp(jwt: string, now: number): boolean {
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  if (!verify("sha256", Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url"))) return false;
  const { iss, iat, exp } = JSON.parse(String(Buffer.from(claims, "base64url")));
  const seconds = now / 1000;
  return iss === APP && iat <= seconds && exp > seconds && exp - iat <= 600;
}

export async function startGitHub({
  open = startStandIn,
  now = Date.now,
}: Partial<Setting> = {}): Promise<ServiceStandIn> {
  /** When each token expires, in epoch milliseconds. */
  const tokens = new Map<string, number>();
  let isSuspended = false;
  let isInstalled = true;

  const works = (token: string): boolean => (tokens.get(token) ?? 0) > now();
  const asApp =
    (answer: () => Answered) =>
    (asked: Asked): Answered => {
      if (asked.headers["user-agent"] === undefined) return error(403, "Request forbidden by administrative rules.");
      if (!isOfApp(bearer(asked), now())) return error(401, "A JSON web token could not be decoded");
      return isInstalled && asked.parts[0] === INSTALLATION ? answer() : NOT_FOUND;
    };
  const asInstallation =
    (answer: (token: string) => Answered) =>
    (asked: Asked): Answered => {
      if (!works(bearer(asked))) return BAD_CREDENTIALS;
      return isSuspended ? error(403, "This installation has been suspended") : answer(bearer(asked));
    };
  const suspend = (value: boolean) => () => {
    isSuspended = value;
    return NO_CONTENT;
  };
  const routes: readonly Route[] = [
    [
      /^GET \/app\/installations\/(\d+)$/,
      asApp(() => ({
        status: 200,
        body: {
          id: Number(INSTALLATION),
          account: { login: "acme", id: 1 },
          repository_selection: "selected",
          suspended_at: isSuspended ? "2026-11-26T10:00:00Z" : null,
        },
      })),
    ],
    [
      /^POST \/app\/installations\/(\d+)\/access_tokens$/,
      asApp(() => {
        if (isSuspended) return error(403, "This installation has been suspended");
        const token = `ghs_${randomBytes(18).toString("hex")}`;
        tokens.set(token, now() + 3_600_000);
        const expires_at = new Date(now() + 3_600_000).toISOString();
        return { status: 201, body: { token, expires_at, permissions: { contents: "read" } } };
      }),
    ],
    [/^PUT \/app\/installations\/(\d+)\/suspended$/, asApp(suspend(true))],
    [/^DELETE \/app\/installations\/(\d+)\/suspended$/, asApp(suspend(false))],
    [
      /^DELETE \/app\/installations\/(\d+)$/,
      asApp(() => {
        isInstalled = false;
        tokens.clear();
        return NO_CONTENT;
      }),
    ],
    [
      /^GET \/installation\/repositories$/,
      asInstallation(() => ({ status: 200, body: { total_count: 1, repositories: [{ id: 1, name: "widgets" }] } })),
    ],
    [
      /^DELETE \/installation\/token$/,
      asInstallation((token) => {
        tokens.delete(token);
        return NO_CONTENT;
      }),
    ],
  ];
  const standIn = await open(routes, NOT_FOUND);
  return Object.assign(standIn, {
    service: github,
    status: /^The installation for acme and its token work\. The token expires at 20.*Z\.$/,
    refusal: error(403, "Resource not accessible by integration"),
    proof: /^GET \/installation\/repositories$/,
    findsStrays: false,
    credential: { url: standIn.url, appId: APP, installationId: INSTALLATION, privateKey },
    // Before the first rotation the secret has no token, and the status is that of the App.
    works: ({ token }: { token?: { value: string } }) => token === undefined || works(token.value),
    living: () => [...tokens.keys()].filter(works).length,
    isFrozen: () => isSuspended,
    isThere: () => isInstalled,
  });
}
