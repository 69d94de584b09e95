import { expect } from "chai";
import type { Page } from "playwright-core";
import { fillLobby, textOf } from "../../benchmarks/page/history.ts";
import { tableOf } from "../support/table.ts";
import { visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online, sees, send } from "./support/steps.ts";

const MESSAGES = 1_000;
const LAST = textOf(MESSAGES - 1);

/** The messages that the page requests at once. */
const PAGE_MESSAGES = 100;
/** More than a window has, with the chunks at its edges. */
const RENDERED_ROWS_MAX = 150;
/** Each page of older messages adds three chunks, and each chunk is compared with what it has shown. */
const GROWTH_MAX = 1.25;

/** Begins to count the calls of the page's functions. The result returns their number since the last time. */
async function countCalls(page: Page): Promise<() => Promise<number>> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Profiler.enable");
  await devTools.send("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  return async () => {
    const { result } = await devTools.send("Profiler.takePreciseCoverage");
    const functions = result.filter(({ url }) => url.includes("/assets/")).flatMap((script) => script.functions);
    return functions.reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  };
}

/** In the page: scrolls to the first row. Resolves with the number of rows that are created when older messages are added. */
async function readOlder(): Promise<number> {
  const list = document.querySelector(".messages") as HTMLElement;
  let created = 0;
  const observer = new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
      if (node instanceof Element)
        created += node.querySelectorAll("[data-id]").length + Number(node.matches("[data-id]"));
  });
  observer.observe(list, { childList: true, subtree: true });
  list.scrollTop = 0;
  while (created === 0) await new Promise(requestAnimationFrame);
  // In the next frame, the browser has decided which chunks are visible.
  await new Promise(requestAnimationFrame);
  observer.disconnect();
  return created;
}

/** In the page: the number of rows that the browser lays out and paints. */
const renderedRows = (): number =>
  [...document.querySelectorAll("[data-id]")].filter((row) => row.checkVisibility({ contentVisibilityAuto: true }))
    .length;

describe("a channel with 1,000 messages", () => {
  let chat: PageChat;
  before(async () => {
    chat = await startPageChat();
    await fillLobby(tableOf(chat), MESSAGES);
  });
  after(() => chat.stop());

  it("takes no more work for a page of older messages or a new message, however many are loaded", async () => {
    const { page, errors, close } = await visit(chat.address);
    await online(page);
    await sees(page, LAST);
    const takeCalls = await countCalls(page);
    const calls: number[] = [];
    while ((await page.locator(".start").count()) === 0) {
      await takeCalls();
      expect(await page.evaluate(readOlder), "created rows").to.be.within(1, PAGE_MESSAGES);
      calls.push(await takeCalls());
      expect(await page.evaluate(renderedRows), "rendered rows").to.be.within(1, RENDERED_ROWS_MAX);
    }
    expect(await page.locator("[data-id]").count()).to.equal(MESSAGES);
    // The last page can be shorter, and the first one is read while the session starts.
    const [, first = 0, ...others] = calls;
    for (const each of others) expect(each, `calls: ${calls}`).to.be.below(first * GROWTH_MAX);

    await page.getByRole("button", { name: "Latest messages" }).click();
    await takeCalls();
    await send(page, "the latest");
    await sees(page, "the latest");
    expect(await takeCalls(), "calls for a new message").to.be.below(first);
    expect(await page.evaluate(renderedRows), "rendered rows").to.be.within(1, RENDERED_ROWS_MAX);
    expect(errors).to.deep.equal([]);
    await close();
  });

  it("does not move what the user reads when older messages are added above it", async () => {
    const { page, close } = await visit(chat.address);
    await online(page);
    const list = page.getByRole("region", { name: "Messages, lobby" });
    await sees(page, LAST);
    const first = page.locator("[data-id]").first();
    const id = await first.getAttribute("data-id");
    // Only the text: the name above it disappears if an older message of the same author is added.
    const text = page.locator(`[data-id="${id}"] .message-text`);
    await list.hover();
    await text.scrollIntoViewIfNeeded();
    const before = await text.boundingBox();
    await page.waitForFunction((known) => document.querySelector("[data-id]")?.getAttribute("data-id") !== known, id);
    const after = await text.boundingBox();
    expect(after?.y).to.be.closeTo(before?.y ?? 0, 2);
    await close();
  });
});
