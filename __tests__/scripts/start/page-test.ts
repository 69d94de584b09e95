import { createServer, request as httpRequest, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { close, listen } from "@serverless-chat/emulator/http-server";
import { expect } from "chai";
import { environments } from "../../../infra/environments.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { createPage } from "../../../scripts/start/page.ts";
import { allowPage, pageConfigOf } from "../../../scripts/start/page-settings.ts";

const [environment] = environments as [Environment];

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe("the page that npm start serves", () => {
  let server: Server;
  let port: number;
  before(async () => {
    const page = createPage({
      stageName: "dev",
      config: { signIn: { kind: "development", users: ["anna"], tokenUrl: "/token" } },
      tokenFor: async (user) => (user === "anna" ? "token-of-anna" : undefined),
    });
    server = createServer(page.serve);
    port = await listen(server, 0);
  });
  after(() => close(server));

  const ask = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const { body, ...rest } = options;
      const asked = httpRequest({ port, host: "127.0.0.1", path, ...rest }, (response) => {
        const { statusCode: status, headers } = response;
        text(response).then((received) => resolve({ status, headers, body: received }), reject);
      });
      asked.on("error", reject).end(body);
    });

  it("is not cached, but its assets are, because their names change with their content", async () => {
    const { status, headers, body } = await ask("/");
    expect(status).to.equal(200);
    expect(headers["cache-control"]).to.equal("no-cache");
    const [, script = ""] = /src="(\/assets\/[^"]+)"/.exec(body) ?? [];
    const asset = await ask(script);
    expect(asset.headers).to.include({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
  });

  it("allows no inline code, no other origins, and no frames", async () => {
    const { headers } = await ask("/");
    expect(headers["content-security-policy"]).to.equal(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://127.0.0.1:${port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    );
    expect(headers).to.include({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  });

  it("reads its settings, which are never cached, and connects to the host that serves it", async () => {
    const { headers, body } = await ask("/config.json", { headers: { Host: `localhost:${port}` } });
    expect(headers["cache-control"]).to.equal("no-store");
    expect(JSON.parse(body)).to.deep.equal({
      url: `ws://localhost:${port}/dev`,
      signIn: { kind: "development", users: ["anna"], tokenUrl: "/token" },
    });
  });

  it("is refused to other hosts, which could be pages of other sites", async () => {
    for (const host of ["chat.example.com", "127.0.0.1.example.com", "localhost.example.com:3001"]) {
      const { status, body } = await ask("/config.json", { headers: { Host: host } });
      expect(status, host).to.equal(421);
      expect(JSON.parse(body).message).to.include(`The request is for the host "${host}"`);
    }
  });

  it("issues tokens of known users to requests that no other site can send", async () => {
    const json = { method: "POST", headers: { "Content-Type": "application/json" } };
    expect(JSON.parse((await ask("/token", { ...json, body: '{"user":"anna"}' })).body)).to.deep.equal({
      token: "token-of-anna",
    });
    expect((await ask("/token", { ...json, body: '{"user":"eve"}' })).status).to.equal(403);
    expect((await ask("/token", { ...json, body: "{" })).status).to.equal(400);
    expect((await ask("/token", { method: "POST", body: '{"user":"anna"}' })).status).to.equal(415);
  });

  it("refuses any other path or method", async () => {
    expect((await ask("/../package.json")).status).to.equal(404);
    expect((await ask("//")).status).to.equal(404);
    expect((await ask("/", { method: "DELETE" })).status).to.equal(405);
  });
});

describe("the settings of the page", () => {
  it("adds the origins of the page only where origins are checked", () => {
    const settings = {
      project: "chat",
      stateBucket: undefined,
      environments: [environment, { ...environment, allowedOrigins: ["https://chat.example.com"] }],
    };
    expect(allowPage(settings, 3001).environments.map(({ allowedOrigins }) => allowedOrigins)).to.deep.equal([
      undefined,
      ["https://chat.example.com", "http://127.0.0.1:3001", "http://localhost:3001"],
    ]);
  });

  it("sign in by the local issuer, or not at all; users of another service cannot", () => {
    const authentication = { kind: "jwt", issuer: "https://login.example.com/", audience: "chat" } as const;
    const moderated = { ...environment, authentication, moderators: ["staff"] };
    expect(pageConfigOf(environment, false)).to.deep.equal({ signIn: { kind: "none" } });
    expect(pageConfigOf(moderated, false)).to.equal(undefined);
    expect(pageConfigOf(moderated, true)).to.deep.equal({
      signIn: { kind: "development", users: ["anna", "ben"], tokenUrl: "/token" },
      moderators: ["staff"],
    });
    const stored = { unreadCounts: true, directConversations: true } as const;
    expect(pageConfigOf({ ...moderated, ...stored }, true)).to.include(stored);
    expect(pageConfigOf({ ...environment, ownMessageMinutes: 15 }, false)).to.deep.equal({
      signIn: { kind: "none" },
      ownMessageMinutes: 15,
    });
  });
});
