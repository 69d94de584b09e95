import { mkdirSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { ROOT } from "../support/project-copy.ts";
import { type Visit, visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { join, online, rename, sees, send } from "./support/steps.ts";

/** `npm run test:browser -- --screenshots` updates the images of the documents. */
const IMAGES = process.argv.includes("--screenshots") ? joinPath(ROOT, "docs/images") : undefined;

const BYTES_MAX = 150_000;

const SIZES: Readonly<Record<string, BrowserContextOptions>> = {
  phone: { viewport: { width: 390, height: 760 }, colorScheme: "dark", isMobile: true, hasTouch: true },
  tablet: { viewport: { width: 820, height: 720 }, colorScheme: "light" },
  desktop: { viewport: { width: 1200, height: 720 }, colorScheme: "light" },
};

const TALK = [
  ["anna", "Good morning! The deployment to eu-west-2 is done."],
  ["ben", "Nice. How long did it take?"],
  ["anna", "4 minutes, most of it waiting for CloudFront."],
  ["anna", "To try it on your machine: `npm ci && npm start`"],
  ["ben", "```\n$ npm start\nchat-dev is up.\n\n  Open   http://127.0.0.1:3001/\n```"],
  ["carla", "It works without an account? 🎉"],
  ["ben", "Yes, it plays the Terraform. See https://developer.hashicorp.com/terraform"],
  ["carla", "I am on a train, so half of my messages are written offline. They arrive once I am back."],
] as const;

describe("the page at three sizes", () => {
  let chat: PageChat;
  const users = new Map<string, Visit>();
  before(async () => {
    chat = await startPageChat();
    for (const [name, size] of [
      ["anna", "desktop"],
      ["ben", "tablet"],
      ["carla", "phone"],
    ] as const) {
      const entered = await visit(chat.address, { ...SIZES[size], reducedMotion: "reduce" });
      users.set(name, entered);
      const { page } = entered;
      await online(page);
      if (size === "phone") await page.getByRole("button", { name: "Show the list" }).click();
      await rename(page, name);
      if (size === "phone") await page.keyboard.press("Escape");
    }
    const pageOf = (name: string): Page => (users.get(name) as Visit).page;
    for (const channel of ["design", "releases"]) await join(pageOf("anna"), channel);
    await join(pageOf("ben"), "releases");
    await pageOf("anna").getByRole("button", { name: "lobby", exact: true }).click();
    await pageOf("ben").getByRole("button", { name: "lobby", exact: true }).click();
    for (const [name, text] of TALK) await send(pageOf(name), text);
    for (const { page } of users.values()) await sees(page, TALK[7][1]);
  });
  after(async () => {
    for (const { close } of users.values()) await close();
    await chat.stop();
  });

  for (const [name, size] of [
    ["anna", "desktop"],
    ["ben", "tablet"],
    ["carla", "phone"],
  ] as const) {
    it(`fits on a ${size}`, async () => {
      const { page } = users.get(name) as Visit;
      const [width, visible] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(width).to.equal(visible);
      const image = await page.screenshot({ animations: "disabled", caret: "hide" });
      expect(image.length).to.be.below(BYTES_MAX);
      if (IMAGES === undefined) return;
      mkdirSync(IMAGES, { recursive: true });
      writeFileSync(joinPath(IMAGES, `page-${size}.png`), image);
    });
  }
});
