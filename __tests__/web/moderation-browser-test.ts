import { DATA_BYTES_MAX } from "@serverless-chat/client";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Visit, visit } from "./support/chromium.ts";
import { type SignedInPageChat, startModeratedPageChat } from "./support/page-chat.ts";
import { online, sees, send } from "./support/steps.ts";

describe("the page of a chat with moderators", () => {
  let chat: SignedInPageChat;
  let [mona, ben]: Visit[] = [];
  const signIn = async (user: string): Promise<Visit> => {
    const visited = await visit(chat.address);
    await visited.page.getByRole("button", { name: `Continue as ${user}` }).click();
    await online(visited.page);
    return visited;
  };
  before(async () => {
    chat = await startModeratedPageChat();
    [mona, ben] = [await signIn("mona"), await signIn("ben")];
  });
  after(async () => {
    await mona?.close();
    await ben?.close();
    await chat.stop();
  });
  const pages = () => [(mona as Visit).page, (ben as Visit).page] as const;

  /** Opens what can be done with a user, and does it. */
  const moderate = async (page: Page, user: string, action: RegExp): Promise<void> => {
    await page.getByRole("complementary").getByRole("button", { name: user }).click();
    await page.getByRole("button", { name: action }).click();
    await page.getByRole("button", { name: action }).click();
  };

  it("signs in with one click, stays signed in over a reload, and has no button for another name", async () => {
    const [, bens] = pages();
    await bens.reload();
    await online(bens);
    await bens.locator(".self").getByText("ben", { exact: true }).waitFor();
    expect(await bens.getByRole("button", { name: "Change your name" }).count()).to.equal(0);
  });

  it("lets users edit and delete their own messages with the keyboard", async () => {
    const [monas, bens] = pages();
    await send(bens, "See you at nine.");
    await sees(monas, "See you at nine.");
    expect(await monas.getByRole("button", { name: /^Edit the message of ben/ }).count()).to.equal(0);
    const edit = bens.getByRole("button", { name: /^Edit the message of ben/ });
    const field = bens.getByRole("textbox", { name: "Edit your message" });
    await edit.press("Enter");
    await field.fill("Not this.");
    await field.press("Escape");
    await edit.and(bens.locator(":focus")).waitFor();
    await edit.press("Enter");
    await field.fill("x".repeat(DATA_BYTES_MAX + 1));
    await field.press("Enter");
    await bens
      .getByRole("alert")
      .getByText(/too long|at most/)
      .waitFor();
    await field.fill("See you at ten.");
    await field.press("Enter");
    for (const page of pages()) await page.getByText("See you at ten. (edited)").waitFor();
    await bens.getByRole("button", { name: /^Delete the message of ben/ }).press("Enter");
    await bens.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    for (const page of pages()) await page.getByText("See you at ten.").waitFor({ state: "detached" });
  });

  it("lets users react to a message, and remove their reaction", async () => {
    const [monas, bens] = pages();
    await send(bens, "The tests are green.");
    await sees(monas, "The tests are green.");
    await monas
      .getByRole("button", { name: /^React to the message of ben/ })
      .last()
      .press("Enter");
    await monas.getByRole("button", { name: "React with 🎉" }).press("Enter");
    await bens.getByRole("button", { name: "🎉 1", pressed: false }).press("Enter");
    await monas.getByRole("button", { name: "🎉 2", pressed: true }).press("Enter");
    await bens.getByRole("button", { name: "🎉 1", pressed: true }).press("Enter");
    for (const page of pages()) await page.locator(".reaction").waitFor({ state: "detached" });
    await bens.getByRole("button", { name: /^Delete the message of ben/ }).press("Enter");
    await bens.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    for (const page of pages()) {
      await page.locator(".message-text", { hasText: "The tests are green." }).waitFor({ state: "detached" });
    }
  });

  it("lets only moderators delete the messages of others, which disappear for everyone", async () => {
    const [monas, bens] = pages();
    await send(monas, "No advertisements, please.");
    await sees(bens, "No advertisements, please.");
    await send(bens, "Buy my pills!");
    await sees(monas, "Buy my pills!");
    expect(await bens.getByRole("button", { name: /^Delete the message of mona/ }).count()).to.equal(0);
    const advertisement = monas.locator(".message", { hasText: "Buy my pills!" });
    await advertisement.getByRole("button", { name: /^Delete the message of ben/ }).click();
    await monas.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    for (const page of pages()) {
      await page.locator(".message-text", { hasText: "Buy my pills!" }).waitFor({ state: "detached" });
    }
  });

  it("marks the messages of a program, which can have the name of a user", async () => {
    const [, bens] = pages();
    await send(bens, "I am ben.");
    await chat.publish({ channel: "lobby", from: "ben", data: "So am I." });
    const message = bens.locator(".message", { hasText: "So am I." });
    await message.getByText("ben (program)").waitFor();
    expect(await message.getByRole("button", { name: /^(Edit|Delete|ben)/ }).count()).to.equal(0);
  });

  it("creates a private channel, to which a user is invited", async () => {
    const [monas, bens] = pages();
    await monas.getByRole("button", { name: "Join or create a channel" }).click();
    await monas.getByRole("textbox", { name: "Name" }).fill("plans");
    await monas.getByRole("checkbox", { name: /^Private/ }).check();
    await monas.getByRole("button", { name: "Create", exact: true }).click();
    await monas.getByRole("heading", { level: 1, name: "plans" }).waitFor();
    await monas.getByRole("button", { name: "Invite a user" }).click();
    await monas.getByRole("textbox", { name: "User" }).fill("ben");
    await monas.getByRole("button", { name: "Invite", exact: true }).click();
    await bens.getByRole("button", { name: /plans, from mona/ }).click();
    await bens.getByRole("heading", { level: 1, name: "plans" }).waitFor();
    await send(bens, "Here I am");
    await sees(monas, "Here I am");
    for (const page of pages()) await page.getByRole("button", { name: "lobby", exact: true }).click();
  });

  it("mutes a user, who sees until when", async () => {
    const [monas, bens] = pages();
    await bens.clock.install();
    await moderate(monas, "ben", /^Mute in lobby/);
    await bens.getByText(/^mona muted you in “lobby” until/).waitFor();
    expect(await bens.getByRole("textbox", { name: /^You are muted until/ }).isDisabled()).to.equal(true);
    await bens.clock.fastForward("10:01");
    await bens.getByRole("textbox", { name: "Message lobby" }).waitFor();
  });

  it("disconnects a user, who sees why and can connect again", async () => {
    const [monas, bens] = pages();
    await moderate(monas, "ben", /^Disconnect/);
    await bens.getByText("A moderator has disconnected you.").waitFor();
    await bens.getByRole("navigation").getByRole("button", { name: /plans/ }).click();
    await send(bens, "sent later");
    await bens.getByText("Not sent. It is sent when you connect again").waitFor();
    await bens.getByRole("button", { name: "Connect again" }).click();
    await online(bens);
    await sees(bens, "sent later");
  });

  it("bans a user, who sees it", async () => {
    const [monas, bens] = pages();
    await monas.getByRole("complementary").getByRole("button", { name: "ben" }).waitFor();
    await moderate(monas, "ben", /^Ban for a day/);
    await bens.getByText("A moderator has banned you.").waitFor();
  });

  it("signs out", async () => {
    const [monas] = pages();
    await monas.getByRole("button", { name: "Sign out" }).click();
    await monas.getByRole("button", { name: "Continue as mona" }).waitFor();
  });
});
