import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Response } from "playwright-core";
import { visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online, sees, send } from "./support/steps.ts";

const GZIPPED_BYTES_MAX = 45 * 1024;

describe("the start of the page", () => {
  let chat: PageChat;
  before(async () => {
    chat = await startPageChat();
  });
  after(() => chat.stop());

  it("lets the user write before the chat answers, after one request for each file and the settings", async () => {
    const { page, close } = await visit("about:blank");
    const responses: Response[] = [];
    page.on("response", (response) => responses.push(response));
    // The socket opens, and no frame is answered.
    await page.routeWebSocket(/./, () => undefined);
    await page.goto(chat.address);
    await send(page, "early");
    await page.getByRole("list", { name: "Messages that are not sent yet" }).getByText("early").waitFor();
    const paths = responses.map((response) => new URL(response.url()).pathname.replace(/-[\w-]{8}(?=\.)/, ""));
    expect(paths.filter((path) => !path.endsWith(".svg"))).to.have.members([
      "/",
      "/assets/index.css",
      "/assets/index.js",
      "/config.json",
    ]);
    const bodies = await Promise.all(responses.map((response) => response.body()));
    expect(gzipSync(Buffer.concat(bodies)).length).to.be.below(GZIPPED_BYTES_MAX);
    await close();
  });

  it("opens the chat if the visitor has disabled storage", async () => {
    const { page, close } = await visit("about:blank");
    await page.addInitScript(() => {
      for (const name of ["sessionStorage", "localStorage", "indexedDB"])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("Access is denied for this document.", "SecurityError");
          },
        });
    });
    await page.goto(chat.address);
    await online(page);
    await send(page, "Nothing is stored");
    await sees(page, "Nothing is stored");
    await close();
  });

  it("says at which address the visitor is if the chat does not allow this origin", async () => {
    const strict = await startPageChat({ environment: { allowedOrigins: ["https://chat.example.com"] } });
    const { page, close } = await visit("about:blank");
    // The session waits for a random time between its attempts.
    await page.addInitScript(() => {
      Math.random = () => 0;
    });
    await page.goto(strict.address);
    await page.getByText(`${new URL(strict.address).origin} is not one of the chat's allowed origins`).waitFor();
    await page.getByRole("button", { name: "Connect again" }).waitFor();
    await close();
    await strict.stop();
  });

  it("says which setting is wrong, and opens when it is corrected", async () => {
    const { page, close } = await visit("about:blank");
    await page.route("**/config.json", (route) => route.fulfill({ json: { url: "https://chat" } }));
    await page.goto(chat.address);
    await page.getByText('"url" in /config.json is "https://chat". It must begin with wss:// or ws://.').waitFor();
    await page.unroute("**/config.json");
    await page.getByRole("button", { name: "Try again" }).click();
    await online(page);
    await send(page, "it works");
    await sees(page, "it works");
    await close();
  });
});
