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

/** The users, each with a screen. */
const SCREENS = { anna: "desktop", ben: "tablet", carla: "phone" } as const;

type Name = keyof typeof SCREENS;

const TALK: readonly (readonly [Name, string])[] = [
  ["anna", "Good morning! The deployment to eu-west-2 is done."],
  ["ben", "Nice. How long did it take?"],
  ["anna", "4 minutes, most of it waiting for CloudFront."],
  ["anna", "To try it on your machine: `npm ci && npm start`"],
  ["ben", "```\n$ npm start\nchat-dev is up.\n\n  Open   http://127.0.0.1:3001/\n```"],
  ["carla", "It works without an account?"],
  ["ben", "Yes, it plays the Terraform. See https://developer.hashicorp.com/terraform"],
  ["carla", "I am on a train, so half of my messages are written offline. They arrive once I am back."],
];

describe("the page at three sizes", () => {
  let chat: PageChat;
  const visits = new Map<Name, Visit>();
  const pageOf = (name: Name): Page => (visits.get(name) as Visit).page;
  const show = (name: Name, entry: string) => pageOf(name).getByRole("button", { name: entry, exact: true }).click();

  const enter = async (name: Name): Promise<void> => {
    const entered = await visit(chat.address, { ...SIZES[SCREENS[name]], reducedMotion: "reduce" });
    visits.set(name, entered);
    const { page } = entered;
    await online(page);
    if (name === "carla") await page.getByRole("button", { name: "Show the list" }).click();
    await rename(page, name);
    if (name === "carla") await page.keyboard.press("Escape");
  };
  const talk = async (): Promise<void> => {
    for (const [name, text] of TALK) {
      await send(pageOf(name), text);
      // The next message comes after it.
      const shown = text.replaceAll(/```\n?|\n```/g, "").split("`")[0] ?? "";
      await pageOf(name)
        .locator("[data-id]", { hasText: shown.split("\n")[0]?.trim() ?? "" })
        .waitFor();
    }
    await sees(pageOf("anna"), TALK.at(-1)?.[1] ?? "");
  };
  before(async () => {
    chat = await startPageChat();
    for (const name of ["anna", "ben", "carla"] as const) await enter(name);
    for (const channel of ["design", "releases"]) await join(pageOf("anna"), channel);
    await show("anna", "lobby");
    await join(pageOf("ben"), "releases");
    await send(pageOf("ben"), "0.1.0 is tagged");
    await show("ben", "lobby");
    await talk();
    await pageOf("ben").getByRole("button", { name: "Members: 3" }).click();
    await pageOf("ben").getByRole("complementary").getByRole("button", { name: "anna" }).click();
    await show("ben", "Send a direct message");
    await send(pageOf("ben"), "Coffee?");
    await pageOf("ben").keyboard.press("Escape");
    await show("ben", "lobby");
    await pageOf("anna").getByRole("button", { name: "ben 1 unread" }).waitFor();
  });
  after(async () => {
    for (const { close } of visits.values()) await close();
    await chat.stop();
  });

  for (const name of ["anna", "ben", "carla"] as const) {
    const size = SCREENS[name];
    it(`fits on a ${size}`, async () => {
      const page = pageOf(name);
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
