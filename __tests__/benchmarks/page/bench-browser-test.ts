import { expect } from "chai";
import { benchPage } from "../../../benchmarks/page/bench.ts";
import { fillLobby } from "../../../benchmarks/page/history.ts";
import { pageChapter } from "../../../scripts/bench/page.ts";
import { tableOf } from "../../support/table.ts";
import { type PageChat, startPageChat } from "../../web/support/page-chat.ts";

const messages = 250;

describe("benchmarks/page/bench", () => {
  let chat: PageChat;
  before(async () => {
    chat = await startPageChat();
    await fillLobby(tableOf(chat), messages);
  });
  after(() => chat.stop());

  it("measures the page and the plain pages", async () => {
    const { tables } = pageChapter(await benchPage({ address: chat.address, messages, rounds: 1 }));
    const [, , ...rows] = (tables.page ?? "").trim().split("\n");
    expect(rows).to.have.length(5);
    for (const row of rows) expect(row).to.match(/^\| .* \| \d+ ms \| \d+ ms \| \d+\.\d\d× \|$/);
  });
});
