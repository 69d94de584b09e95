import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import { realPorts } from "../../client/real-ports.ts";
import { type Network, startNetwork } from "../support/network.ts";
import { openPty } from "../support/pty.ts";
import { startChat } from "../support/running-chat.ts";
import { aSession, type Told } from "../support/session.ts";

/** A line that is dead is found so within a second, and tried again within another. */
const IMPATIENT = { timing: { answer: 1000, check: 500, reclaim: 500 }, ports: { ...realPorts, random: () => 0.02 } };

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

  const open = async (...[options]: Parameters<typeof aSession>): Promise<Told> => {
    const told = await aSession(options);
    closers.push(() => told.session.close());
    return told;
  };

  const aNetwork = async (): Promise<Network> => {
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    return network;
  };

  /** Somebody who comes by a network of their own, to be broken. */
  const openByNetwork = async (name: string): Promise<{ network: Network; user: Told }> => {
    const network = await aNetwork();
    return { network, user: await open({ url: network.url, name, ...IMPATIENT }) };
  };

  const say = async ({ session }: Told, texts: readonly string[]): Promise<void> => {
    for (const data of texts) expect(await session.ask({ message: "sendmessage", data })).to.include({ type: "ack" });
  };

  const textsOf = (user: Told): string[] => user.said("lobby").map(({ data }) => data);

  const heardBy = (users: readonly Told[], text: string): Promise<unknown> =>
    Promise.all(users.map((user) => user.until(() => textsOf(user).includes(text))));

  it("receives each of 500 messages that are sent in the meantime, once and in order", async function () {
    this.timeout(180_000);
    const ben = await open({ url: chat.url, name: "ben" });
    const [anna, zoe] = [await openByNetwork("anna"), await openByNetwork("zoe")];
    const away = [anna.user, zoe.user];
    await say(ben, ["before"]);
    await heardBy(away, "before");
    const offline = away.map((user) => user.next("offline"));
    anna.network.cut();
    zoe.network.silence();
    const meanwhile = Array.from({ length: 500 }, (_, index) => `message ${index + 1}`);
    await say(ben, meanwhile);
    await Promise.all(offline);
    anna.network.mend();
    zoe.network.mend();
    // Said while they read what they have missed.
    await say(ben, ["after"]);
    await heardBy(away, "after");
    for (const user of away) expect(textsOf(user)).to.deep.equal(["before", ...meanwhile, "after"]);
  });

  it("sends an unacknowledged message once, even if it reconnects with another name", async () => {
    const ben = await open({ url: chat.url, name: "ben" });
    const { network, user: anna } = await openByNetwork("anna");
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
    const network = await aNetwork();
    const ben = await open({ url: chat.url });
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
