import type { Browser, BrowserContext, Page } from "playwright-core";
import { median } from "../harness/measurement.ts";
import { launchChromium } from "./chromium.ts";
import { type Markup, plainPage, readMarkup, startPage } from "./plain-pages.ts";
import { tasksOf } from "./tasks.ts";

/** The median figures of the chat's page, next to those of plain pages in the same run. */
export interface PageFigures {
  /** The chat's page, and an empty page that loads the same bytes. Milliseconds until the user can write. */
  readonly start: Readonly<Record<"chat" | "empty", number>>;
  /** The chat's page, and a list with the same markup. */
  readonly list: Readonly<Record<"chat" | "plain", ListFigures>>;
}

/** Milliseconds on the processor, of the page's main thread. */
export interface ListFigures {
  /** Reads all messages by scrolling to the first one. */
  readonly scroll: Work;
  /** Then changes the width of the window. */
  readonly resize: Work;
}

export interface Work {
  readonly total: number;
  /** The longest task. No key and no click is handled before it ends. */
  readonly longest: number;
}

export interface PageBenchOptions {
  /** The address of the page. The lobby has this number of messages. */
  readonly address: string;
  readonly messages: number;
  readonly rounds: number;
}

const SLOWDOWN = 4;
const STEP_PIXELS = 2_000;
const [WIDE, NARROW] = [
  { width: 1280, height: 800 },
  { width: 1000, height: 800 },
];

export async function benchPage({ address, messages, rounds }: PageBenchOptions): Promise<PageFigures> {
  const browser = await launchChromium();
  try {
    const markup = await inContext(browser, async (context) => {
      const page = await opened(context, { address });
      await page.evaluate(scrollToFirst, STEP_PIXELS);
      const found = await page.locator("[data-id]").count();
      if (found !== messages) throw new Error(`The page has ${found} messages; it must have ${messages}.`);
      return readMarkup(page);
    });
    const all: PageFigures[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await measure(browser, address, markup));
    return mediansOf(all);
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, address: string, markup: Markup): Promise<PageFigures> {
  const startOf = (body?: string) => inContext(browser, (context) => untilWritable(context, { address, body }));
  const listOf = (body?: string) => inContext(browser, (context) => listFigures(context, { address, body }));
  return {
    start: { chat: await startOf(), empty: await startOf(startPage(markup)) },
    list: { chat: await listOf(), plain: await listOf(plainPage(markup)) },
  };
}

async function inContext<Result>(browser: Browser, act: (context: BrowserContext) => Promise<Result>): Promise<Result> {
  const context = await browser.newContext({ viewport: WIDE, locale: "en-US" });
  try {
    return await act(context);
  } finally {
    await context.close();
  }
}

interface Opening {
  readonly address: string;
  /** Replaces the page at the address. */
  readonly body?: string | undefined;
}

async function newPage(context: BrowserContext, { address, body }: Opening): Promise<Page> {
  const page = await context.newPage();
  if (body !== undefined) await page.route(address, (route) => route.fulfill({ contentType: "text/html", body }));
  return page;
}

/** Opens a page, and waits until it shows messages. */
async function opened(context: BrowserContext, opening: Opening): Promise<Page> {
  const page = await newPage(context, opening);
  await page.goto(opening.address);
  await page.locator("[data-id]").last().waitFor();
  return page;
}

/** The milliseconds until the browser can handle a key, after it has painted the field, on a slower processor. */
async function untilWritable(context: BrowserContext, opening: Opening): Promise<number> {
  const page = await newPage(context, opening);
  const devTools = await context.newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector("textarea")) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => performance.mark("writable")));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(opening.address);
  const marked = await page.waitForFunction(() => performance.getEntriesByName("writable")[0]?.startTime);
  return Number(await marked.jsonValue());
}

async function listFigures(context: BrowserContext, opening: Opening): Promise<ListFigures> {
  const page = await opened(context, opening);
  const scroll = workOf(await tasksOf(page, () => page.evaluate(scrollToFirst, STEP_PIXELS)));
  const resize = workOf(
    await tasksOf(page, async () => {
      await page.setViewportSize(NARROW);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }),
  );
  return { scroll, resize };
}

const workOf = (tasks: readonly number[]): Work => ({
  total: tasks.reduce((sum, each) => sum + each, 0),
  longest: Math.max(...tasks),
});

/** In the page: scrolls up, a step in each frame, until there are no older messages. */
async function scrollToFirst(stepPixels: number): Promise<void> {
  const list = document.querySelector(".messages") as HTMLElement;
  while (!list.querySelector(".start") || list.scrollTop > 0) {
    list.scrollTop -= stepPixels;
    await new Promise(requestAnimationFrame);
  }
}

function mediansOf(all: readonly PageFigures[]): PageFigures {
  const of = (figure: (one: PageFigures) => number): number => median(all.map(figure));
  const work = (page: "chat" | "plain", act: "scroll" | "resize"): Work => ({
    total: of(({ list }) => list[page][act].total),
    longest: of(({ list }) => list[page][act].longest),
  });
  const list = (page: "chat" | "plain"): ListFigures => ({
    scroll: work(page, "scroll"),
    resize: work(page, "resize"),
  });
  return {
    start: { chat: of(({ start }) => start.chat), empty: of(({ start }) => start.empty) },
    list: { chat: list("chat"), plain: list("plain") },
  };
}
