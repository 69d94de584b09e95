import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Visit, visit } from "./support/chromium.ts";
import { type SignedInPageChat, startModeratedPageChat } from "./support/page-chat.ts";
import { join, online, sees, send } from "./support/steps.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, and in which elements. Evaluated by the debugger, because the content security policy applies to scripts. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe("the accessibility of the page", () => {
  let chat: SignedInPageChat;
  const visits: Visit[] = [];
  before(async () => {
    chat = await startModeratedPageChat();
  });
  after(async () => {
    for (const { close } of visits) await close();
    await chat.stop();
  });

  const enter = async (user: string, options: Parameters<typeof visit>[1] = {}): Promise<Page> => {
    const entered = await visit(chat.address, { reducedMotion: "reduce", ...options });
    visits.push(entered);
    await entered.page.getByRole("button", { name: `Continue as ${user}` }).click();
    await online(entered.page);
    return entered.page;
  };

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has nothing that axe reports, in ${colorScheme} colors`, async () => {
      const welcome = await visit(chat.address, { colorScheme });
      visits.push(welcome);
      await welcome.page.getByRole("button", { name: "Continue as ben" }).waitFor();
      expect(await violations(welcome.page), "sign-in").to.deep.equal([]);

      const page = await enter("mona", { colorScheme });
      await join(page, `room-${colorScheme}`);
      for (const text of ["Hello", "`code` and https://example.com/", "```\nblock\n```"]) await send(page, text);
      await sees(page, "block");
      await page
        .getByRole("button", { name: /^Edit the message of mona/ })
        .first()
        .click();
      await page.getByRole("textbox", { name: "Edit your message" }).waitFor();
      expect(await violations(page), "an edit").to.deep.equal([]);
      await page.keyboard.press("Escape");
      await page
        .getByRole("button", { name: /^Reply to the message of mona/ })
        .first()
        .click();
      await send(page, "a reply to @mona");
      await page.getByRole("button", { name: /^In reply to mona/ }).waitFor();
      await page
        .getByRole("button", { name: /^React to the message of mona/ })
        .last()
        .click();
      await page.getByRole("button", { name: "React with 👍" }).click();
      await page.getByRole("button", { name: "👍 1" }).waitFor();
      await page.getByRole("textbox", { name: /^Message/ }).fill("a draft");
      expect(await violations(page), "chat").to.deep.equal([]);
      await page.getByRole("complementary").getByRole("button", { name: "mona" }).click();
      expect(await violations(page), "a user").to.deep.equal([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Join or create a channel" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("Not valid!");
      expect(await violations(page), "a dialog with an error").to.deep.equal([]);
    });
  }

  it("has nothing that axe reports on a phone, whose list keeps the focus while it is open", async () => {
    const page = await enter("ben", PHONE);
    expect(await violations(page), "chat").to.deep.equal([]);
    const menu = page.getByRole("button", { name: "Show the list" });
    await menu.click();
    const close = page.getByRole("button", { name: "Close the list" });
    await close.and(page.locator(":focus")).waitFor();
    expect(await violations(page), "list").to.deep.equal([]);
    await page.keyboard.press("Escape");
    await menu.and(page.locator(":focus")).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, "no horizontal scrolling").to.equal(PHONE.viewport.width);
  });
});
