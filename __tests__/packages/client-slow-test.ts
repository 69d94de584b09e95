import { execFile } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { build as bundle } from "esbuild";
import { build } from "vite";
import { ROOT } from "../support/project-copy.ts";
import { type ScriptedChat, startScriptedChat } from "../support/scripted-chat.ts";
import { type Consumer, installedTarball } from "../support/tarball.ts";

const MESSAGE_ID = "01ARYZ6S41TSV4RRFFQ69G5FAV";

/** A program that sends a message and prints the result. */
const BOT = `
  import { createSession } from "@serverless-chat/client";

  const session = createSession({ connect: () => ({ url: process.env.CHAT_URL }) });
  const outcome = await session.send("lobby", "It is up.").catch((error) => error);
  console.log(outcome.id ?? outcome.code + ": " + outcome.message);
  await session.close();
`;

/** An app that shows the state of the connection. */
const APP = `
  import { createSession } from "@serverless-chat/client";
  import { SessionProvider, useChannel, useUser } from "@serverless-chat/client/react";
  import { createElement } from "react";
  import { createRoot } from "react-dom/client";

  function App() {
    const { status, messages } = useChannel("lobby");
    return createElement("p", undefined, [useUser(), status, ...messages.map(({ data }) => data)].join(" "));
  }

  const session = createSession({ connect: () => ({ url: globalThis.CHAT_URL }) });
  const app = createElement(SessionProvider, { session }, createElement(App));
  createRoot(document.querySelector("#app")).render(app);
  globalThis.closeSession = () => session.close();
`;

/** Runs a built app in a page without a browser, until it shows a text. */
const PAGE = `
  import { GlobalWindow } from "happy-dom";
  import { WebSocket } from "ws";

  const window = new GlobalWindow({ url: "http://127.0.0.1/" });
  window.document.body.innerHTML = '<div id="app"></div>';
  for (const name of ["document", "navigator", "HTMLIFrameElement"]) {
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
  }
  Object.assign(globalThis, { window, WebSocket, CHAT_URL: process.env.CHAT_URL });
  await import(process.env.APP);
  const text = () => window.document.body.textContent;
  while (!text().includes("ready")) await new Promise((resolve) => setTimeout(resolve, 10));
  console.log(text());
  await globalThis.closeSession();
  process.exit();
`;

describe("packages/client, installed from its tarball", () => {
  let consumer: Consumer;
  let chat: ScriptedChat;
  before(() => {
    consumer = installedTarball("client", ["react", "react-dom", "preact", "happy-dom", "@types/react"]);
  });
  beforeEach(async () => {
    chat = await startScriptedChat();
    chat.script = ({ message: request, id }) =>
      request === "sendmessage" ? [{ type: "ack", request, id, message: MESSAGE_ID }] : undefined;
  });
  afterEach(() => chat.stop());

  const write = (name: string, source: string): string => {
    const path = join(consumer.folder, name);
    writeFileSync(path, source);
    return path;
  };
  /** What a script prints, run by Node without any loader or condition. */
  const printed = async (script: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const options = { cwd: consumer.folder, env: { ...process.env, NODE_OPTIONS: "", ...env, CHAT_URL: chat.url } };
    const { stdout } = await promisify(execFile)(process.execPath, [script], options);
    return stdout.trim();
  };

  // In this order: the package `ws` is installed in between.
  it("states what to install if Node has no WebSocket", async () => {
    const script = write("bot-without.mjs", `delete globalThis.WebSocket;\nawait import("./bot.mjs");`);
    write("bot.mjs", BOT);
    expect(await printed(script)).to.equal(
      "no-websocket: Node.js 20 has no WebSocket. Install the package ws (npm install ws), or use Node.js 22 or newer.",
    );
  });

  it("works in Node with the package ws", async () => {
    symlinkSync(join(ROOT, "node_modules/ws"), join(consumer.folder, "node_modules/ws"));
    expect(await printed(join(consumer.folder, "bot-without.mjs"))).to.equal(MESSAGE_ID);
    expect(chat.frames.map((frame) => frame.message === "sendmessage" && frame.data)).to.deep.equal(["It is up."]);
  });

  it("works bundled for a browser", async () => {
    const entry = write("browser.mjs", BOT);
    const outfile = join(consumer.folder, "bundle.mjs");
    await bundle({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "browser",
      format: "esm",
      logLevel: "error",
    });
    const page = `globalThis.WebSocket = (await import("ws")).WebSocket;\nawait import("./bundle.mjs");`;
    expect(await printed(write("page.mjs", page))).to.equal(MESSAGE_ID);
  });

  for (const [framework, alias] of [
    ["React", {}],
    ["Preact", { react: "preact/compat", "react-dom/client": "preact/compat/client" }],
  ] as const) {
    it(`works in a ${framework} app that Vite builds`, async () => {
      const entry = write(`app-${framework}.js`, APP);
      const outDir = join(consumer.folder, `dist-${framework}`);
      await build({
        root: consumer.folder,
        configFile: false,
        logLevel: "error",
        resolve: { alias },
        build: { outDir, rollupOptions: { input: entry, output: { entryFileNames: "app.js" } } },
      });
      const script = write("app-page.mjs", PAGE);
      expect(await printed(script, { APP: join(outDir, "app.js") })).to.equal("guest-1 ready");
    });
  }

  it("has types for everything that it exports", () => {
    consumer.compile(`
      import { ChatError, createSession, indexedDbOutbox, type Message, type Session } from "@serverless-chat/client";
      import { type Channel, useChannel } from "@serverless-chat/client/react";

      const outbox = indexedDbOutbox("chat/anna");
      export const session: Session = createSession({ connect: async () => ({ url: "wss://chat.example.com" }), outbox });
      export const sent: Promise<Message> = session.send("lobby", "hi");
      session.on("state", (state) => {
        if (state.status === "ended") console.log(state.error.code === "handshake-refused", state.error instanceof ChatError);
      });
      export async function first(): Promise<string | undefined> {
        await using own = session;
        for await (const { data } of own.messages()) return data;
        return undefined;
      }
      export const channel = (): Channel => useChannel("lobby");
    `);
  });

  it("has source maps with its sources", () => {
    const dist = join(consumer.folder, "node_modules/@serverless-chat/client/dist");
    const map = JSON.parse(readFileSync(join(dist, "create-session.js.map"), "utf8"));
    expect(map.sourcesContent[0]).to.include("export function createSession");
  });
});
