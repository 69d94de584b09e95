import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Network, startNetwork } from "../support/network.ts";
import { type Visit, visit } from "./support/chromium.ts";
import { type SignedInPageChat, startModeratedPageChat } from "./support/page-chat.ts";
import { join, online, receivedFrame, sees, send, shownMessages } from "./support/steps.ts";

const channel = "design";
const DAY = 24 * 60 * 60_000;

describe("the page of a chat that stores how far users have read", () => {
  let chat: SignedInPageChat;
  let mona: Visit;
  const visits: Visit[] = [];
  const networks: Network[] = [];
  const signIn = async (user: string, address = chat.address): Promise<Visit> => {
    const visited = await visit(address);
    visits.push(visited);
    await visited.page.getByRole("button", { name: `Continue as ${user}` }).click();
    await online(visited.page);
    await join(visited.page, channel);
    return visited;
  };
  const entry = (page: Page, name: string) => page.getByRole("navigation").getByRole("button", { name });
  const badge = (page: Page) => entry(page, channel).locator(".badge");

  before(async () => {
    chat = await startModeratedPageChat();
    mona = await signIn("mona");
  });
  after(async () => {
    for (const each of visits) await each.close();
    for (const each of networks) await each.stop();
    await chat.stop();
  });

  it("removes the badges of all devices when the user reads on one of them", async () => {
    const bens = [await signIn("ben"), await signIn("ben")] as const;
    const devices = [bens[0].page, bens[1].page] as const;
    for (const device of devices) await entry(device, "lobby").click();
    await send(mona.page, "First.");
    await send(mona.page, "Second.");
    for (const device of devices) await badge(device).getByText("2").waitFor();
    await entry(devices[0], channel).click();
    for (const device of devices) await badge(device).waitFor({ state: "detached" });
    for (const each of bens) await each.close();
  });

  it("counts what a user has missed, and shows edited and deleted messages as they are", async () => {
    const { page, errors } = await signIn("ben");
    await sees(page, "Second.");
    await entry(page, "lobby").click();
    await page.goto("about:blank");
    for (const text of ["See you at nien.", "Not this.", "Bring a map."]) await send(mona.page, text);
    await sees(mona.page, "Bring a map.");
    await mona.page
      .getByRole("button", { name: /^Edit the message of mona/ })
      .nth(-3)
      .press("Enter");
    await mona.page.getByRole("textbox", { name: "Edit your message" }).fill("See you at nine.");
    await mona.page.keyboard.press("Enter");
    await mona.page
      .getByRole("button", { name: /^Delete the message of mona/ })
      .nth(-2)
      .press("Enter");
    await mona.page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    await mona.page.getByText("Not this.").waitFor({ state: "detached" });

    const isStored = receivedFrame(page, /"request":"read"/);
    await page.goto(chat.address);
    await badge(page).getByText("2").waitFor();
    await entry(page, channel).click();
    await page.getByText("See you at nine. (edited)").waitFor();
    expect(await page.getByText("Not this.").count()).to.equal(0);
    await badge(page).waitFor({ state: "detached" });
    await isStored;
    const isCounted = receivedFrame(page, /"type":"unread"/);
    await page.reload();
    await isCounted;
    expect(await badge(page).count()).to.equal(0);
    expect(errors).to.deep.equal([]);
  });

  it("has the direct messages that a user has missed, and those of a program with the name of a user apart", async () => {
    const { page, errors } = await signIn("ben");
    await mona.page.getByRole("complementary").getByRole("button", { name: "ben" }).click();
    await mona.page.getByRole("button", { name: "Send a direct message" }).click();
    await page.goto("about:blank");
    for (const text of ["Are you there?", "Call me."]) await send(mona.page, text);
    await sees(mona.page, "Call me.");
    await chat.publish({ user: "ben", from: "mona", data: "Build failed." });

    await page.goto(chat.address);
    await entry(page, "mona 2 unread").waitFor();
    expect(await mona.page.getByText("Read", { exact: true }).count(), "a receipt").to.equal(0);
    await entry(page, "mona 2 unread").click();
    await mona.page.getByText("Read", { exact: true }).waitFor();
    expect(await shownMessages(page)).to.deep.equal(["Are you there?", "Call me."]);
    await send(page, "Here I am.");
    await sees(mona.page, "Here I am.");
    await entry(page, "mona (program)").click();
    await sees(page, "Build failed.");
    expect(await page.getByRole("textbox", { name: /^Message/ }).count()).to.equal(0);

    await page.reload();
    await sees(page, "Build failed.");
    await page.getByRole("navigation").getByRole("button", { name: "mona", exact: true }).click();
    await sees(page, "Here I am.");
    await page.getByRole("button", { name: /^Edit the message of ben/ }).press("Enter");
    await page.getByRole("textbox", { name: "Edit your message" }).fill("Here I am, back home.");
    await page.keyboard.press("Enter");
    for (const shown of [page, mona.page]) await shown.getByText("Here I am, back home. (edited)").waitFor();
    expect(errors).to.deep.equal([]);
  });

  it("has what a user has missed in a day, on a page that stayed open without a network", async () => {
    // Pages of the tests before would read for ben.
    for (const each of visits.filter((visited) => visited !== mona)) await each.close();
    const network = await startNetwork(chat.url);
    networks.push(network);
    const { page } = await signIn("ben", `http://${new URL(network.url).host}/`);
    await sees(page, "Bring a map.");
    await entry(page, "lobby").click();
    await page.clock.install();
    network.cut();
    await page.getByText("You are offline.").waitFor();
    await entry(mona.page, channel).click();
    await mona.page
      .getByRole("button", { name: /^Edit the message of mona/ })
      .last()
      .press("Enter");
    await mona.page.getByRole("textbox", { name: "Edit your message" }).fill("Bring two maps.");
    await mona.page.keyboard.press("Enter");
    await mona.page.getByText("Bring two maps. (edited)").waitFor();
    await mona.page
      .getByRole("button", { name: /^Delete the message of mona/ })
      .nth(-2)
      .press("Enter");
    await mona.page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    await mona.page.getByText("See you at nine.").waitFor({ state: "detached" });
    for (const text of ["Where are you?", "We are leaving."]) await send(mona.page, text);
    await sees(mona.page, "We are leaving.");
    await mona.page.getByRole("navigation").getByRole("button", { name: "ben", exact: true }).click();
    await send(mona.page, "Call me tomorrow.");
    await sees(mona.page, "Call me tomorrow.");

    await chat.advance(DAY);
    await page.clock.fastForward(DAY);
    network.mend();
    await online(page);
    await badge(page).getByText("2").waitFor();
    await entry(page, "mona 1 unread").waitFor();
    await entry(page, channel).click();
    await page.getByText("Bring two maps. (edited)").waitFor();
    await page.getByText("See you at nine.").waitFor({ state: "detached" });
    await sees(page, "We are leaving.");
    await badge(page).waitFor({ state: "detached" });
    await entry(page, "mona 1 unread").click();
    await sees(page, "Call me tomorrow.");
  });
});
