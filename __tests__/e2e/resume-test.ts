import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import { expectCaughtUp, heardBy, type NetworkUsers, networkUsers, say, textsOf } from "../support/network-users.ts";
import { openPty } from "../support/pty.ts";
import { startChat } from "../support/running-chat.ts";

describe("a session whose network breaks", () => {
  let chat: Emulator;
  let users: NetworkUsers;
  before(async () => {
    chat = await startChat();
  });
  beforeEach(() => {
    users = networkUsers(chat.url);
  });
  afterEach(() => users.close());
  after(() => chat.stop());

  it("receives each message that is sent meanwhile, in several pages of the history, once and in order", async () => {
    // A page has at most 100 messages.
    await expectCaughtUp(users, { url: chat.url, count: 120 });
  });

  it("sends an unacknowledged message once, also if it reconnects under another name", async () => {
    const ben = await users.open({ url: chat.url, name: "ben" });
    const { network, user: anna } = await users.openByNetwork("anna");
    // Her frame arrives, and the answer does not. The chat takes the silent connection for open, and its name for held.
    network.silence("answers");
    const answer = anna.session.ask({ message: "sendmessage", data: "Is it up?" });
    await heardBy([ben], "Is it up?");
    const online = anna.next("online");
    network.mend();
    await online;
    expect(await answer).to.deep.include({ type: "ack", message: ben.said("lobby")[0]?.id });
    expect(anna.session.user).not.to.equal("anna");
    expect(anna.events.flatMap((event) => (event.type === "refused" ? [event.error.code] : []))).to.deep.equal([
      "name-taken",
    ]);
    await say(anna, ["It is."]);
    await heardBy([anna, ben], "It is.");
    for (const user of [anna, ben]) expect(textsOf(user)).to.deep.equal(["Is it up?", "It is."]);
    // The chat notices at last, and she is who she was.
    network.cut();
    network.mend();
    await anna.until(() => anna.session.user === "anna");
  });

  it("shows in the terminal that it is offline, reconnects, shows missed messages and sends what was typed", async () => {
    const network = await users.aNetwork();
    const ben = await users.open({ url: chat.url });
    const terminal = openPty(["--import", "tsx", "scripts/chat.ts", network.url, "--user", "anna"]);
    await terminal.shows("* connected");
    network.cut();
    await terminal.shows("* not connected: ");
    await terminal.shows("(not connected)> ");
    await say(ben, ["missed"]);
    terminal.type("typed meanwhile");
    network.mend();
    await terminal.shows(": missed");
    await heardBy([ben], "typed meanwhile");
    terminal.interrupt();
    expect(await terminal.ended).to.equal(0);
  });
});
