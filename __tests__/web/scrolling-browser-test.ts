import { expect } from "chai";
import type { Page } from "playwright-core";
import { ulid } from "ulid";
import { storeIn, tableOf } from "../support/table.ts";
import { visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online } from "./support/steps.ts";

const MESSAGES = 5_000;
const HOURS_BETWEEN = 0.05;
const STEP_PIXELS = 2_000;
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

interface Task {
  readonly name: string;
  /** The duration, and the time on the processor, in microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
}

/**
 * The tasks of the page that `act` causes, each with its time on the processor in milliseconds: the duration that a
 * PerformanceObserver reports also has the time in which other processes of the machine run.
 */
async function tasksOf(page: Page, act: () => Promise<void>): Promise<number[]> {
  const devTools = await page.context().newCDPSession(page);
  const tasks: number[] = [];
  devTools.on("Tracing.dataCollected", ({ value }) => {
    for (const { name, tdur = 0 } of value as unknown as Task[]) if (name === "RunTask") tasks.push(tdur / 1000);
  });
  const complete = new Promise((resolve) => devTools.once("Tracing.tracingComplete", resolve));
  await devTools.send("Tracing.start", {
    traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"] },
  });
  await act();
  await devTools.send("Tracing.end");
  await complete;
  return tasks;
}

/** In the page: scrolls up until there are no older messages, then down for a while, a step in each frame. */
async function scrollToStartAndBack(stepPixels: number): Promise<void> {
  const list = document.querySelector(".messages") as HTMLElement;
  while (!list.querySelector(".start") || list.scrollTop > 0) {
    list.scrollTop -= stepPixels;
    await new Promise(requestAnimationFrame);
  }
  for (let steps = 0; steps < 60; steps += 1) {
    list.scrollTop += stepPixels;
    await new Promise(requestAnimationFrame);
  }
}

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
    // Trap: a locator of Playwright looks at the text of all messages, which is a long task of its own.
    const tasks = await tasksOf(page, () => page.evaluate(scrollToStartAndBack, STEP_PIXELS));
    await page.getByRole("button", { name: "Latest messages" }).click();
    await page.getByText(`Message ${MESSAGES - 1}`, { exact: true }).waitFor();
    expect(await page.locator("[data-id]").count()).to.equal(MESSAGES);
    expect(tasks, "tasks").to.have.length.above(100);
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
