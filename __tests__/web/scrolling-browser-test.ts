import { expect } from "chai";
import type { Page } from "playwright-core";
import { ulid } from "ulid";
import { storeIn, tableOf } from "../support/table.ts";
import { visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online } from "./support/steps.ts";

const MESSAGES = 5_000;
const HOURS_BETWEEN = 0.05;
const LONG_TASK_MILLISECONDS = 50;

/** Stores messages in the lobby, the last one just before now. */
async function fill(chat: PageChat): Promise<void> {
  const store = storeIn(tableOf(chat), Date.now);
  const begin = Date.now() - MESSAGES * HOURS_BETWEEN * 3_600_000 - 60_000;
  const write = async (index: number): Promise<void> => {
    const id = ulid(begin + index * HOURS_BETWEEN * 3_600_000);
    const data = `Message ${index}${index % 7 === 0 ? " with `code`, https://example.com/ and a text that is long enough for two lines on most screens, which is what makes lists jump." : ""}`;
    const from = ["anna", "ben", "carl"][Math.floor(index / 3) % 3] ?? "anna";
    await store.messages.store({ id, channel: "lobby", from, data });
  };
  const parallel = 40;
  for (let index = 0; index < MESSAGES; index += parallel) {
    await Promise.all(Array.from({ length: parallel }, (_, offset) => write(index + offset)));
  }
}

/** Long tasks from now on. */
const watchLongTasks = (page: Page) =>
  page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: "longtask",
    });
    Object.assign(globalThis, { longTasks: tasks });
  });

const longTasks = (page: Page) => page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);

describe("scrolling through 5,000 messages", () => {
  let chat: PageChat;
  before(async () => {
    chat = await startPageChat();
    await fill(chat);
  });
  after(() => chat.stop());

  it("reads the history, keeps the place, and has no task over 50 ms", async () => {
    const { page, errors, close } = await visit(chat.address);
    await online(page);
    await page.getByText(`Message ${MESSAGES - 1}`, { exact: true }).waitFor();
    await watchLongTasks(page);
    const list = page.getByRole("region", { name: "Messages, lobby" });
    await list.hover();
    const count = () => page.locator("[data-id]").count();
    while (!(await page.getByText("This is the beginning of the channel.").isVisible()))
      await page.mouse.wheel(0, -4_000);
    expect(await count()).to.equal(MESSAGES);
    for (let steps = 0; steps < 60; steps += 1) await page.mouse.wheel(0, 3_000);
    await page.getByRole("button", { name: "Latest messages" }).click();
    await page.getByText(`Message ${MESSAGES - 1}`, { exact: true }).waitFor();
    const tasks = await longTasks(page);
    expect(tasks.filter((milliseconds) => milliseconds > LONG_TASK_MILLISECONDS)).to.deep.equal([]);
    expect(errors).to.deep.equal([]);
    await close();
  });

  it("does not move what the user reads when older messages are added above it", async () => {
    const { page, close } = await visit(chat.address);
    await online(page);
    const list = page.getByRole("region", { name: "Messages, lobby" });
    await page.getByText(`Message ${MESSAGES - 1}`, { exact: true }).waitFor();
    const first = page.locator("[data-id]").first();
    const id = await first.getAttribute("data-id");
    const row = page.locator(`[data-id="${id}"]`);
    await list.hover();
    await row.scrollIntoViewIfNeeded();
    const before = await row.boundingBox();
    await page.waitForFunction((known) => document.querySelector("[data-id]")?.getAttribute("data-id") !== known, id);
    const after = await row.boundingBox();
    expect(after?.y).to.be.closeTo(before?.y ?? 0, 2);
    await close();
  });
});
