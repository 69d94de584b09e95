import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import { realPorts } from "../../client/real-ports.ts";
import type { SessionOptions } from "../../client/session.ts";
import { startNetwork } from "../support/network.ts";
import { startChat } from "../support/running-chat.ts";
import { aSession, startSession, type Told } from "../support/session.ts";

const IMPATIENT = { ports: { ...realPorts, random: () => 0.02 }, timing: { answer: 1000 } };

describe("client/session", () => {
  let chat: Emulator;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    chat = await startChat();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await chat.stop();
  });
  const open = async (own: Partial<SessionOptions> = {}): Promise<Told> => {
    const told = await aSession({ url: chat.url, ...own });
    closers.push(() => told.session.close());
    return told;
  };
  const say = ({ session }: Told, data: string, channel = "lobby") =>
    session.ask({ message: "sendmessage", channel, data });
  const refusals = ({ events }: Told): string[] =>
    events.flatMap((event) => (event.type === "refused" ? [event.error.code] : []));

  it("is where it is asked to be, and not in the lobby unless asked", async () => {
    const anna = await open({ channels: ["ops", "dev"] });
    expect(anna.session.channels).to.deep.equal(["ops", "dev"]);
    expect(await say(anna, "hello?")).to.include({ code: "not-a-member" });
    expect(await anna.session.ask({ message: "join", channel: "lobby" })).to.include({ type: "ack" });
    expect(await anna.session.ask({ message: "leave", channel: "dev" })).to.include({ type: "ack" });
    expect(anna.session.channels).to.deep.equal(["ops", "lobby"]);
  });

  it("stays a guest when its name is somebody else's, and says so", async () => {
    const [anna, other] = [await open({ name: "anna" }), await open({ name: "anna" })];
    expect(anna.session.user).to.equal("anna");
    expect(refusals(other)).to.deep.equal(["name-taken"]);
    await say(other, "Who am I?");
    expect(other.session.user).to.match(/^guest-/);
  });

  it("tells as much of the past as it is asked for", async () => {
    const anna = await open();
    for (const text of ["one", "two", "three"]) await say(anna, text);
    const [ben, eve] = [await open({ told: 2 }), await open()];
    await say(anna, "four");
    await Promise.all(
      [ben, eve].map((user) => user.until(() => user.said("lobby").some(({ data }) => data === "four"))),
    );
    expect(ben.said("lobby").map(({ data }) => data)).to.deep.equal(["two", "three", "four"]);
    expect(eve.said("lobby").map(({ data }) => data)).to.deep.equal(["four"]);
  });

  it("knows what is its own, as a guest too, and under a name", async () => {
    const [anna, ben] = [await open(), await open({ name: "ben" })];
    await say(anna, "mine");
    await say(ben, "his");
    await anna.until(() => anna.said("lobby").length === 2);
    const own = anna.events.flatMap((event) => (event.type === "said" && event.isOwn ? [event.message.data] : []));
    expect(own).to.deep.equal(["mine"]);
  });

  it("does not say a direct message again of which nobody knows whether it came", async () => {
    const ben = await open({ name: "ben" });
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    const anna = await open({ url: network.url, ...IMPATIENT });
    network.silence("answers");
    const answer = anna.session.ask({ message: "direct", to: "ben", data: "psst" });
    expect(await ben.next("news")).to.have.nested.property("news.data", "psst");
    network.mend();
    expect(await answer).to.include({ type: "unanswered" });
    await say(ben, "one");
    await anna.until(() => anna.said("lobby").length === 1);
    expect(ben.events.filter((event) => event.type === "news" && event.news.type === "direct")).to.have.length(1);
  });

  it("keeps what is said before there is a connection, and says it in its order", async () => {
    const ben = await open();
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    network.cut();
    // With the usual timeout: a guest whose answer is late is another guest, and its message is stored twice.
    const anna = startSession({ url: network.url, ports: IMPATIENT.ports });
    closers.push(() => anna.session.close());
    const said = ["one", "two", "three"].map((text) => say(anna, text));
    await anna.next("offline");
    network.mend();
    await Promise.all(said);
    await ben.until(() => ben.said("lobby").length === 3);
    expect(ben.said("lobby").map(({ data }) => data)).to.deep.equal(["one", "two", "three"]);
  });

  it("gives up what has no answer when it is closed", async () => {
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    network.cut();
    const anna = startSession({ url: network.url });
    const said = say(anna, "too late");
    await anna.next("offline");
    await anna.session.close();
    expect(await said).to.include({ type: "unanswered" });
  });
});
