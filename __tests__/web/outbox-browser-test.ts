import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Network, startNetwork } from "../support/network.ts";
import { type Visit, visit } from "./support/chromium.ts";
import { type PageChat, startPageChat } from "./support/page-chat.ts";
import { online, sees, send, shownMessages } from "./support/steps.ts";

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
});
