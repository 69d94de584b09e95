import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Network, startNetwork } from "../support/network.ts";
import { type Visit, visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online, rename, sees, send, shownMessages } from "./support/steps.ts";

const pendingOf = (page: Page) => page.getByRole("list", { name: "Messages that are not sent yet" });

describe("the page without a network", () => {
  let chat: PageChat;
  let network: Network;
  let [anna, ben]: Visit[] = [];
  before(async () => {
    chat = await startPageChat();
    network = await startNetwork(chat.url);
    [anna, ben] = await Promise.all([visit(`http://${new URL(network.url).host}/`), visit(chat.address)]);
    await Promise.all([online(anna.page), online(ben.page)]);
  });
  after(async () => {
    await anna?.close();
    await ben?.close();
    await network.stop();
    await chat.stop();
  });
  const pages = () => [(anna as Visit).page, (ben as Visit).page] as const;

  it("says that it is offline, keeps what is written, and sends it once the network is back", async () => {
    const [annas, bens] = pages();
    await send(bens, "before");
    await sees(annas, "before");
    network.cut();
    await annas.getByText("You are offline.").waitFor();
    await annas.getByText(/^Reconnecting (in \d+ s|now)\.$/).waitFor();
    await send(annas, "written offline");
    await pendingOf(annas).getByText("written offline").waitFor();
    await pendingOf(annas).getByText("Waiting for the network").waitFor();
    await send(bens, "missed");
    network.mend();
    await online(annas);
    await sees(annas, "missed");
    await sees(bens, "written offline");
    await pendingOf(annas).waitFor({ state: "detached" });
    for (const page of pages()) {
      expect((await shownMessages(page)).filter((text) => text === "written offline")).to.have.length(1);
    }
  });

  it("sends a message once that was written offline before a reload", async () => {
    const [annas, bens] = pages();
    network.cut();
    await annas.getByText("You are offline.").waitFor();
    await send(annas, "survives a reload");
    await pendingOf(annas).getByText("survives a reload").waitFor();
    network.mend();
    await annas.reload();
    await online(annas);
    await sees(bens, "survives a reload");
    await sees(annas, "survives a reload");
    await send(bens, "and then");
    await sees(annas, "and then");
    for (const page of pages()) {
      expect((await shownMessages(page)).filter((text) => text === "survives a reload")).to.have.length(1);
    }
  });

  it("keeps a direct message in the field until the network is back", async () => {
    const [annas, bens] = pages();
    await rename(annas, "anna");
    await rename(bens, "ben");
    await annas.getByRole("button", { name: /^Members/ }).waitFor();
    await send(bens, "I am ben");
    await sees(annas, "I am ben");
    await annas.getByRole("complementary").getByRole("button", { name: "ben" }).click();
    await annas.getByRole("button", { name: "Send a direct message" }).click();
    network.cut();
    await annas.getByText("You can send direct messages when you are online.").waitFor();
    await send(annas, "for you only");
    expect(await annas.getByRole("textbox", { name: "Message ben" }).inputValue()).to.equal("for you only");
    network.mend();
    await online(annas);
    await annas.keyboard.press("Enter");
    await sees(annas, "for you only");
  });

  it("does not show a channel whose join is completed after the dialog was closed", async () => {
    const [annas] = pages();
    const heading = annas.getByRole("heading", { level: 1 });
    const before = await heading.innerText();
    network.cut();
    await annas.getByText("You are offline.").waitFor();
    await annas.getByRole("button", { name: "Join or create a channel" }).click();
    await annas.getByRole("textbox", { name: "Name" }).fill("late");
    await annas.keyboard.press("Enter");
    await annas.keyboard.press("Escape");
    await annas.getByRole("button", { name: "Change your name" }).click();
    network.mend();
    await annas.getByRole("button", { name: "late", includeHidden: true }).waitFor({ state: "attached" });
    await online(annas);
    await annas.getByRole("heading", { name: "Your name" }).waitFor();
    expect(await heading.innerText()).to.equal(before);
    await annas.keyboard.press("Escape");
  });
});
