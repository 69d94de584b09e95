import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Visit, visit } from "./support/chromium.ts";
import { type SignedInPageChat, startModeratedPageChat } from "./support/page-chat.ts";
import { join, online, sees, send } from "./support/steps.ts";

const channel = "design";

describe("the page of a chat with lasting membership", () => {
  let chat: SignedInPageChat;
  const visits: Visit[] = [];
  before(async () => {
    chat = await startModeratedPageChat({ lastingMembership: true });
  });
  after(async () => {
    for (const each of visits) await each.close();
    await chat.stop();
  });

  /** Each visit is another device: it has a storage of its own. */
  const signIn = async (user: string): Promise<Visit> => {
    const visited = await visit(chat.address);
    visits.push(visited);
    await visited.page.getByRole("button", { name: `Continue as ${user}` }).click();
    await online(visited.page);
    return visited;
  };
  const entry = (page: Page) => page.getByRole("navigation").getByRole("button", { name: channel });

  it("has the user's channels on another device, with the messages that were missed", async () => {
    const [first, mona] = [await signIn("ben"), await signIn("mona")];
    await join(first.page, channel);
    await first.page.goto("about:blank");
    await join(mona.page, channel);
    await send(mona.page, "You have missed this.");

    const other = await signIn("ben");
    await entry(other.page).click();
    await sees(other.page, "You have missed this.");
    await other.page.reload();
    await other.page.getByRole("heading", { level: 1, name: channel }).waitFor();
    expect(other.errors).to.deep.equal([]);
  });
});
