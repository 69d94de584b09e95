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
    const run = { at: new Date(0), rounds: 1, cores: ["a", "a"], loadBefore: 0.5 };
    const { tables } = pageChapter(await benchPage({ address: chat.address, messages, rounds: 1 }), run);
    const [sentence, , , , ...rows] = (tables.page ?? "").trim().split("\n");
    expect(sentence).to.equal("1 January 1970, rounds: 1, 2 cores (a), load average before the run 0.5:");
    expect(rows).to.have.length(5);
    for (const row of rows) expect(row).to.match(/^\| .* \| \d+ ms \| \d+ ms \| \d+\.\d\d× \|$/);
  });
});
