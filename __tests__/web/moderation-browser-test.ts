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

  it("lets only moderators delete a message, which disappears for everyone", async () => {
    const [monas, bens] = pages();
    await send(bens, "Buy my pills!");
    await sees(monas, "Buy my pills!");
    expect(await bens.getByRole("button", { name: /^Delete/ }).count()).to.equal(0);
    await monas.getByRole("button", { name: /^Delete the message of ben/ }).click();
    await monas.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    for (const page of pages()) await page.getByText("Deleted", { exact: true }).waitFor();
    expect(await bens.getByText("Buy my pills!").count()).to.equal(0);
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
