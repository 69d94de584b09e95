import type { Page } from "playwright-core";

/** What a user does. Each step waits until the page shows what it needs. */

export const online = (page: Page) => page.getByText("Online", { exact: true }).waitFor({ state: "attached" });

export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message / }).fill(text);
  await page.keyboard.press("Enter");
}

/** The texts of the messages that are stored, in the order of the page. */
export const shownMessages = (page: Page): Promise<string[]> => page.locator("[data-id] .message-text").allInnerTexts();

export const sees = (page: Page, text: string) =>
  page.locator("[data-id] .message-text").getByText(text, { exact: true }).waitFor();

export async function rename(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Change your name" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.keyboard.press("Enter");
  await page.locator(".self").getByText(name, { exact: true }).waitFor();
}

export async function join(page: Page, channel: string): Promise<void> {
  await page.getByRole("button", { name: "Join or create a channel" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(channel);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: channel }).waitFor();
}

/** Resolves when the page receives a frame that matches, on a connection that it opens from now on. */
export const receivedFrame = (page: Page, pattern: RegExp): Promise<void> =>
  new Promise((resolve) => {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => pattern.test(String(payload)) && resolve()),
    );
  });
