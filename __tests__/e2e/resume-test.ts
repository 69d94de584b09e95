import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import { type Network, startNetwork } from "../support/network.ts";
import { openPty } from "../support/pty.ts";
import { startChat } from "../support/running-chat.ts";
import { openSession, type RecordedOptions, type RecordedSession } from "../support/session.ts";
import { NODE_FLAGS } from "../support/terminal.ts";

/** A dead connection is noticed within a second, and retried within another. */
const IMPATIENT = { timing: { answer: 1000, check: 500, reclaim: 500 }, ports: { random: () => 0.02 } };

describe("a session whose network breaks", () => {
  let chat: Emulator;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    chat = await startChat();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await chat.stop();
  });

  const open = async (options: RecordedOptions): Promise<RecordedSession> => {
    const recorded = await openSession(options);
    closers.push(() => recorded.session.close());
    return recorded;
  };

  const aNetwork = async (): Promise<Network> => {
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    return network;
  };

  /** A user with a network of their own, which the test breaks. */
  const openByNetwork = async (name: string): Promise<{ network: Network; user: RecordedSession }> => {
    const network = await aNetwork();
    return { network, user: await open({ url: network.url, name, ...IMPATIENT }) };
  };

  const send = async ({ session }: RecordedSession, texts: readonly string[]): Promise<void> => {
    for (const text of texts) await session.send("lobby", text);
  };

  const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);

  const receivedBy = (users: readonly RecordedSession[], text: string): Promise<unknown> =>
    Promise.all(users.map((user) => user.until(() => textsOf(user).includes(text))));

  it("receives each of 500 messages that are sent meanwhile, once and in order", async function () {
    this.timeout(180_000);
    const ben = await open({ url: chat.url, name: "ben" });
    const [anna, zoe] = [await openByNetwork("anna"), await openByNetwork("zoe")];
    const away = [anna.user, zoe.user];
    await send(ben, ["before"]);
    await receivedBy(away, "before");
    const offline = away.map((user) => user.nextState("offline"));
    anna.network.cut();
    zoe.network.silence();
    const meanwhile = Array.from({ length: 500 }, (_, index) => `message ${index + 1}`);
    await send(ben, meanwhile);
    await Promise.all(offline);
    anna.network.mend();
    zoe.network.mend();
    // Sent while they read the messages that they missed.
    await send(ben, ["after"]);
    await receivedBy(away, "after");
    for (const user of away) expect(textsOf(user)).to.deep.equal(["before", ...meanwhile, "after"]);
  });

  it("sends an unacknowledged message once, also if it reconnects under another name", async () => {
    const ben = await open({ url: chat.url, name: "ben" });
    const { network, user: anna } = await openByNetwork("anna");
    // Her frame arrives, and the answer does not. The chat takes the silent connection for open, and its name for held.
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
    // The chat notices at last, and she is who she was.
    network.cut();
    network.mend();
    await anna.until(() => anna.session.user === "anna");
  });

  it("shows in the terminal that it is offline, reconnects, shows missed messages and sends what was typed", async () => {
    const network = await aNetwork();
    const ben = await open({ url: chat.url });
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
