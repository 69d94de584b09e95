import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { SKEW_SECONDS } from "../../authentication/verify-token.ts";
import { AUDIENCE, startTestIssuer, type TestIssuer } from "../support/issuer.ts";
import { type Visit, visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online, sees, send } from "./support/steps.ts";

/** Of the access tokens. */
const LIFETIME_SECONDS = 3600;

/** The endpoints of a user pool's domain. Each user signs in at once, as anna. */
class UserPool {
  readonly requests: Record<string, string>[] = [];
  isRevoked = false;
  /** The time of the chat. */
  now = Date.now;
  readonly server: Server;
  readonly #issuer: TestIssuer;
  #challenge = "";

  constructor(issuer: TestIssuer) {
    this.#issuer = issuer;
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", this.domain);
      if (url.pathname === "/oauth2/authorize") {
        this.#challenge = url.searchParams.get("code_challenge") ?? "";
        const back = new URL(url.searchParams.get("redirect_uri") ?? "");
        back.search = String(new URLSearchParams({ code: "c-1", state: url.searchParams.get("state") ?? "" }));
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      void this.#token(request).then((body) => {
        response.writeHead(body ? 200 : 400, {
          "Access-Control-Allow-Origin": "*",
          "Content-Type": "application/json",
        });
        response.end(JSON.stringify(body ?? { error: "invalid_grant" }));
      });
    }).listen(0, "127.0.0.1");
  }

  get domain(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #token(request: IncomingMessage): Promise<object | undefined> {
    const parameters = Object.fromEntries(new URLSearchParams(await text(request)));
    this.requests.push(parameters);
    const verifier = createHash("sha256")
      .update(parameters.code_verifier ?? "")
      .digest("base64url");
    const isFirst = parameters.grant_type === "authorization_code" && verifier === this.#challenge;
    const isRenewal = parameters.refresh_token === "r-1" && !this.isRevoked;
    if (!isFirst && !isRenewal) return undefined;
    const now = Math.floor(this.now() / 1000);
    const claims = { sub: "anna", groups: [], exp: now + LIFETIME_SECONDS };
    const access_token = await this.#issuer.token({ claims });
    return { access_token, expires_in: LIFETIME_SECONDS, ...(isFirst && { refresh_token: "r-1" }) };
  }
}

describe("the page of a chat whose users are in a Cognito user pool", () => {
  let issuer: TestIssuer;
  let pool: UserPool;
  let chat: PageChat;
  let anna: Visit;
  before(async () => {
    issuer = await startTestIssuer();
    pool = new UserPool(issuer);
    chat = await startPageChat({
      environment: {
        authentication: { kind: "jwt", issuer: issuer.url, audience: AUDIENCE, closeAtTokenExpiry: true },
      },
      config: (address) => ({
        signIn: {
          kind: "cognito",
          domain: pool.domain,
          clientId: "client-1",
          scopes: ["openid"],
          redirectUri: address,
        },
      }),
    });
    pool.now = chat.now;
    anna = await visit(chat.address);
  });
  after(async () => {
    await anna.close();
    await chat.stop();
    await issuer.stop();
    pool.server.close();
  });

  it("signs in by an authorization code with PKCE and without a secret, and removes the code from the address", async () => {
    await anna.page.getByRole("button", { name: "Sign in" }).click();
    await online(anna.page);
    expect(anna.page.url()).to.equal(chat.address);
    expect(pool.requests).to.have.length(1);
    expect(Object.keys(pool.requests[0] ?? {})).to.have.members([
      "grant_type",
      "code",
      "code_verifier",
      "redirect_uri",
      "client_id",
    ]);
    await send(anna.page, "signed in");
    await sees(anna.page, "signed in");
  });

  it("refuses an authorization code that another site has started", async () => {
    const other = await visit(`${chat.address}?code=c-2&state=guessed`);
    await other.page.getByText("The sign-in did not start in this tab. Sign in again.").waitFor();
    await other.close();
  });

  /** Makes the page believe that its token has expired. */
  const expireToken = (): Promise<void> =>
    anna.page.evaluate(() => {
      const tokens = sessionStorage.getItem("chat.tokens") ?? "";
      sessionStorage.setItem("chat.tokens", tokens.replace(/"expiresAt":\d+/, '"expiresAt":0'));
    });

  it("renews an expired token for the next connection, and loses no message when the chat closes the old one", async () => {
    const renewals = () => pool.requests.slice(1).map(({ grant_type, refresh_token }) => [grant_type, refresh_token]);
    await expireToken();
    await anna.page.reload();
    await online(anna.page);
    const renewal = ["refresh_token", "r-1"];
    expect(renewals()).to.deep.equal([renewal]);
    await chat.advance((LIFETIME_SECONDS + SKEW_SECONDS) * 1000);
    await expireToken();
    const reconnected = anna.page.waitForEvent("websocket");
    await send(anna.page, "still here");
    await reconnected;
    await sees(anna.page, "still here");
    expect(renewals()).to.deep.equal([renewal, renewal]);
  });

  it("asks the user to sign in again if the token cannot be renewed", async () => {
    pool.isRevoked = true;
    await expireToken();
    await anna.page.reload();
    await anna.page.getByRole("button", { name: "Sign in" }).waitFor();
  });
});
