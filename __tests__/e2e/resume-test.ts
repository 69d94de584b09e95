import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import {
  expectCaughtUp,
  type NetworkUsers,
  networkUsers,
  receivedBy,
  send,
  textsOf,
} from "../support/network-users.ts";
import { openPty } from "../support/pty.ts";
import { startChat } from "../support/running-chat.ts";
import { NODE_FLAGS } from "../support/terminal.ts";

describe("a session whose network fails", () => {
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
    // The chat gets the frame, and the client gets no answer. The silent connection still counts as open, with its name.
    network.silence("answers");
    const sent = anna.session.send("lobby", "Is it up?");
    await receivedBy([ben], "Is it up?");
    const online = anna.nextState("online");
    network.mend();
    await online;
    expect(await sent).to.have.property("id", ben.messages("lobby")[0]?.id);
    expect(anna.session.user).not.to.equal("anna");
    expect(anna.of("error").map(({ code }) => code)).to.deep.equal(["name-taken"]);
    await send(anna, ["It is."]);
    await receivedBy([anna, ben], "It is.");
    for (const user of [anna, ben]) expect(textsOf(user)).to.deep.equal(["Is it up?", "It is."]);
    // The chat notices that the first connection is gone, and the session gets its name back.
    network.cut();
    network.mend();
    await anna.until(() => anna.session.user === "anna");
  });

  it("shows in the terminal that it is offline, reconnects, shows missed messages and sends what was typed", async () => {
    const network = await users.aNetwork();
    const ben = await users.open({ url: chat.url });
    const terminal = openPty([...NODE_FLAGS, "scripts/chat.ts", network.url, "--user", "anna"]);
    await terminal.shows("* connected");
    network.cut();
    await terminal.shows("* not connected: ");
    await terminal.shows("(not connected)> ");
    await send(ben, ["missed"]);
    terminal.type("typed meanwhile");
    network.mend();
    await terminal.shows(": missed");
    await receivedBy([ben], "typed meanwhile");
    terminal.interrupt();
    expect(await terminal.ended).to.equal(0);
  });
});
