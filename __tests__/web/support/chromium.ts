import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "../../../benchmarks/page/chromium.ts";
import { afterTests } from "../../support/setup.ts";

/** Longer than any step takes on a busy machine, such as a session's second attempt to claim a name, after 15 seconds. */
const TIMEOUT_MILLISECONDS = 60_000;

let launching: Promise<Browser> | undefined;

/** One browser for all tests. */
function browser(): Promise<Browser> {
  if (!launching) {
    launching = launchChromium();
    afterTests(async () => (await launching)?.close());
  }
  return launching;
}

/** A page of a user, with its own storage. */
export interface Visit {
  readonly page: Page;
  /** The errors in the console, such as a refusal by the content security policy, and uncaught exceptions. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await (await browser()).newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    ...options,
  });
  context.setDefaultTimeout(TIMEOUT_MILLISECONDS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}
