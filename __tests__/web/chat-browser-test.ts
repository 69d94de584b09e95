import { expect } from "chai";
import { type Visit, visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { join, online, rename, sees, send, shownMessages } from "./support/steps.ts";

const HOSTILE = [
  "<img src=x onerror=document.title='hacked'>",
  "<script>document.title='hacked'</script>",
  "javascript:document.title='hacked'",
  '"><svg onload=document.title=1>',
  "```\n</code><script>document.title='hacked'</script>\n```",
  "`<b onmouseover=document.title=1>x</b>`",
];

describe("the page", () => {
  let chat: PageChat;
  let [anna, ben]: Visit[] = [];
  before(async () => {
    chat = await startPageChat();
    [anna, ben] = await Promise.all([visit(chat.address), visit(chat.address)]);
    await Promise.all([online(anna.page), online(ben.page)]);
    await rename(anna.page, "anna");
    await rename(ben.page, "ben");
  });
  after(async () => {
    for (const { errors, close } of [anna, ben] as Visit[]) {
      await close();
      expect(errors).to.deep.equal([]);
    }
    await chat.stop();
  });
  const pages = () => [(anna as Visit).page, (ben as Visit).page] as const;

  // First: a session sends one of these frames in three seconds, and filling a field causes one.
  it("shows who is typing", async () => {
    const [annas, bens] = pages();
    const typing = annas.getByText("ben is typing…");
    await bens.getByRole("textbox", { name: "Message lobby" }).press("H");
    await typing.waitFor();
    await bens.keyboard.press("Enter");
    await sees(annas, "H");
    await typing.waitFor({ state: "detached" });
  });

  it("delivers the messages of two users to each other, and shows who is there", async () => {
    const [annas, bens] = pages();
    await send(annas, "Hello Ben");
    await sees(bens, "Hello Ben");
    await send(bens, "Hello Anna");
    await sees(annas, "Hello Anna");
    for (const page of pages()) {
      await page.getByRole("button", { name: "Members: 2" }).waitFor();
      await page.getByRole("complementary", { name: "Members" }).getByText("ben", { exact: true }).waitFor();
    }
  });

  it("closes a dialog on Escape, also after a refused name", async () => {
    const [annas] = pages();
    await annas.getByRole("button", { name: "Change your name" }).click();
    await annas.getByRole("textbox", { name: "Name" }).fill("ben");
    await annas.getByRole("button", { name: "Save" }).click();
    await annas.getByRole("dialog").getByRole("alert").waitFor();
    await annas.keyboard.press("Control+k");
    await annas.getByRole("heading", { name: "Your name" }).waitFor();
    await annas.keyboard.press("Escape");
    await annas.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("replies to a message, mentions a member that it suggests, and leads from the quote to the message", async () => {
    const [annas, bens] = pages();
    await send(bens, "Is the site down?\nI get a 503.");
    await annas.locator(".message-text", { hasText: "I get a 503." }).waitFor();
    await annas
      .getByRole("button", { name: /^Reply to the message of ben/ })
      .last()
      .click();
    const field = annas.getByRole("textbox", { name: "Message lobby" });
    await field.and(annas.locator(":focus")).waitFor();
    await field.pressSequentially("@BE");
    await annas.getByRole("option", { name: "ben", selected: true }).waitFor();
    await annas.keyboard.press("Tab");
    await field.pressSequentially("it is up again");
    await annas.keyboard.press("Enter");
    await bens.locator(".message-to-you .mention").getByText("@ben", { exact: true }).waitFor();
    expect(await annas.locator(".message-to-you").count()).to.equal(0);
    await annas.locator(".composer-reply").waitFor({ state: "detached" });
    await bens.getByRole("button", { name: /^In reply to ben.*Is the site down\?$/ }).press("Enter");
    await bens.locator(".message:focus", { hasText: "I get a 503." }).waitFor();
  });

  it("announces a new message to screen readers", async () => {
    const [annas, bens] = pages();
    await send(bens, "Read this aloud");
    await annas.locator("[aria-live=polite]", { hasText: "ben: Read this aloud" }).waitFor({ state: "attached" });
  });

  it("groups the messages of one author under one name and one date", async () => {
    const [annas] = pages();
    for (const text of ["one", "two", "three"]) await send(annas, text);
    await sees(annas, "three");
    const last = annas.locator(".message").last();
    expect(await last.locator(".author").count()).to.equal(0);
    expect(await annas.locator(".day").allInnerTexts()).to.deep.equal(["Today"]);
  });

  it("shows links and code, and everything else as text", async () => {
    const [annas, bens] = pages();
    await send(annas, "See https://example.com/a?b=c, or run `npm start`.");
    const message = bens.locator(".message").last();
    await message.getByRole("link", { name: "https://example.com/a?b=c", exact: true }).waitFor();
    expect(await message.locator("code").innerText()).to.equal("npm start");
    for (const text of HOSTILE) await send(annas, text);
    await send(annas, "the end");
    await sees(bens, "the end");
    const shown = await shownMessages(bens);
    for (const text of HOSTILE) expect(shown.slice(-7)).to.include(text.replaceAll(/```\n?|\n```|`/g, ""));
    expect(await bens.locator("main img, main script, main b").count()).to.equal(0);
    expect(await bens.title()).to.equal("lobby · Chat");
  });

  it("counts unread messages of other channels, in the list and in the title", async () => {
    const [annas, bens] = pages();
    await join(annas, "design");
    await join(bens, "design");
    await send(bens, "First!");
    await sees(annas, "First!");
    await annas.getByRole("button", { name: "lobby", exact: true }).click();
    await send(bens, "Second!");
    await annas.getByRole("button", { name: "design 1 unread" }).waitFor();
    expect(await annas.title()).to.equal("(1) lobby · Chat");
    await annas.getByRole("button", { name: /^design/ }).click();
    await sees(annas, "Second!");
    expect(await annas.title()).to.equal("design · Chat");
  });

  it("keeps a draft for each channel, also over a reload", async () => {
    const [annas] = pages();
    await annas.getByRole("textbox", { name: "Message design" }).fill("Unfinished");
    await annas.getByRole("button", { name: /^lobby/ }).click();
    expect(await annas.getByRole("textbox", { name: "Message lobby" }).inputValue()).to.equal("");
    await annas.reload();
    await annas.getByRole("button", { name: "design Draft" }).click();
    expect(await annas.getByRole("textbox", { name: "Message design" }).inputValue()).to.equal("Unfinished");
    await annas.getByRole("textbox", { name: "Message design" }).fill("");
    await annas.locator(".self").getByText("anna", { exact: true }).waitFor();
  });

  it("sends direct messages", async () => {
    const [annas, bens] = pages();
    await annas.getByRole("complementary").getByRole("button", { name: "ben" }).click();
    await annas.getByRole("button", { name: "Send a direct message" }).click();
    await send(annas, "psst");
    await sees(annas, "psst");
    await bens.getByRole("button", { name: "anna 1 unread" }).click();
    await sees(bens, "psst");
  });

  it("leaves a channel", async () => {
    const [annas, bens] = pages();
    await annas.getByRole("button", { name: "design", exact: true }).click();
    await annas.getByRole("button", { name: "Leave design" }).click();
    await annas.getByRole("button", { name: "design", exact: true }).waitFor({ state: "detached" });
    await bens.getByRole("button", { name: "design", exact: true }).click();
    await bens.getByRole("button", { name: "Members: 1" }).waitFor();
  });

  it("is used by keyboard: a dialog opens, keeps the focus, closes and returns it", async () => {
    const [annas] = pages();
    await annas.getByRole("button", { name: "lobby", exact: true }).click();
    const field = annas.getByRole("textbox", { name: "Message lobby" });
    await field.focus();
    await annas.keyboard.press("Control+k");
    const dialog = annas.getByRole("dialog", { name: "Join or create a channel" });
    await dialog.getByRole("textbox", { name: "Name" }).and(annas.locator(":focus")).waitFor();
    for (let tabs = 0; tabs < 8; tabs += 1) await annas.keyboard.press("Tab");
    expect(await annas.evaluate(() => document.activeElement?.closest("dialog, body")?.tagName)).to.match(
      /DIALOG|BODY/,
    );
    await annas.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await field.and(annas.locator(":focus")).waitFor();
    await annas.keyboard.press("Alt+ArrowDown");
    await annas.getByRole("heading", { level: 1, name: "ben" }).waitFor();
    await annas.keyboard.press("Alt+ArrowUp");
    await annas.getByRole("heading", { level: 1, name: "lobby" }).waitFor();
  });

  it("says why a name is refused", async () => {
    const [annas] = pages();
    await annas.getByRole("button", { name: "Change your name" }).click();
    await annas.getByRole("textbox", { name: "Name" }).fill("ben");
    await annas.keyboard.press("Enter");
    await annas
      .getByRole("alert")
      .getByText(/has that name/)
      .waitFor();
    await annas.keyboard.press("Escape");
  });
});
