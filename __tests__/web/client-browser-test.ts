import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { close as closeServer, listen } from "@serverless-chat/emulator/http-server";
import { expect } from "chai";
import { build } from "esbuild";
import { ROOT } from "../support/project-copy.ts";
import { SEED } from "../support/random.ts";
import { type Connecting, runInRoughNetwork, SPEED, type StormSession, TIMING } from "../support/rough-run.ts";
import { installedTarball } from "../support/tarball.ts";
import { visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";

/** The number of messages that each user sends. */
const MESSAGES = 20;

/** A session in a page, with what the test reads of it. */
interface InPage {
  readonly session: { send(channel: string, text: string): Promise<unknown>; close(): Promise<void> };
  readonly messages: { readonly id: string; readonly from: string; readonly data: string; readonly isLate: boolean }[];
  losses: number;
}

declare global {
  var inPage: InPage;
}

/** Runs in the page. `token` is a function of the test. */
const SESSION = `
  import { createSession } from "@serverless-chat/client";
  globalThis.openSession = ({ url, speed, timing }) => new Promise((resolve) => {
    const after = (milliseconds, act) => {
      const timer = setTimeout(act, milliseconds / speed);
      return () => clearTimeout(timer);
    };
    const connect = async () => ({ url, protocols: ["bearer." + (await globalThis.token())] });
    const session = createSession({ connect, ports: { after }, timing });
    const inPage = { session, messages: [], losses: 0 };
    globalThis.inPage = inPage;
    session.on("message", ({ id, from, data, isLate }) => inPage.messages.push({ id, from, data, isLate }));
    session.on("state", ({ status }) => {
      if (status === "offline") inPage.losses += 1;
      if (status === "online") resolve();
    });
  });
`;

interface App {
  readonly origin: string;
  readonly script: string;
}

/** Trap: Chromium lets only pages served from localhost connect to localhost, so `about:blank` does not work. */
async function openInChromium({ url, token }: Connecting, { origin, script }: App): Promise<StormSession> {
  const { page, close } = await visit(origin);
  await page.exposeFunction("token", token);
  await page.addScriptTag({ content: script });
  await page.evaluate(`openSession(${JSON.stringify({ url, speed: SPEED, timing: TIMING })})`);
  return {
    send: (text) => page.evaluate(async (data) => void (await inPage.session.send("lobby", data)), text),
    waitForMessages: async (count) => {
      await page.waitForFunction((wanted) => inPage.messages.length >= wanted, count, { timeout: 0 });
    },
    messages: () => page.evaluate(() => inPage.messages),
    losses: () => page.evaluate(() => inPage.losses),
    async close() {
      await page.evaluate(() => inPage.session.close());
      await close();
    },
  };
}

describe("the client in Chromium", () => {
  it(`delivers every message once and in order in an unreliable network (FC_SEED=${SEED})`, async function () {
    this.timeout(300_000);
    const bundle = await build({
      stdin: { contents: SESSION, resolveDir: ROOT },
      bundle: true,
      write: false,
      format: "iife",
      platform: "browser",
      conditions: ["@serverless-chat/source"],
    });
    const script = bundle.outputFiles[0]?.text ?? "";
    const server = createServer((_request, response) => response.setHeader("Content-Type", "text/html").end());
    const origin = `http://127.0.0.1:${await listen(server, 0)}/`;
    const open = (connecting: Connecting) => openInChromium(connecting, { origin, script });
    try {
      await runInRoughNetwork({ seed: SEED, messages: MESSAGES, open });
    } finally {
      await closeServer(server);
    }
  });

  describe("from its tarball, in a page without a build", () => {
    let chat: PageChat;
    let server: Server;
    let origin: string;
    before(async function () {
      this.timeout(120_000);
      chat = await startPageChat();
      const { folder } = installedTarball("client");
      const installed = join(folder, "node_modules/@serverless-chat/client");
      const imports = { "@serverless-chat/client": "/client.js", "#websocket": "/websocket.js" };
      const html = `<!doctype html><title>App</title><script type="importmap">${JSON.stringify({ imports })}</script>
        <script type="module">
          import { createSession } from "@serverless-chat/client";
          const session = createSession({ connect: () => ({ url: "${chat.url}" }) });
          const { data } = await session.send("lobby", "from a module script");
          document.title = data;
        </script>`;
      server = createServer((request, response) => {
        if (request.url === "/") return void response.setHeader("Content-Type", "text/html").end(html);
        response.setHeader("Content-Type", "text/javascript");
        readFile(join(installed, "dist", request.url ?? "")).then(
          (content) => response.end(content),
          () => response.writeHead(404).end(),
        );
      });
      origin = `http://127.0.0.1:${await listen(server, 0)}/`;
    });
    after(async () => {
      await closeServer(server);
      await chat.stop();
    });

    it("sends a message", async () => {
      const { page, errors, close } = await visit(origin);
      await page.waitForFunction(() => document.title === "from a module script");
      expect(errors.filter((error) => !error.includes("favicon") && !error.includes("404"))).to.deep.equal([]);
      await close();
    });
  });
});
