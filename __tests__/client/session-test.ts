import type { Message } from "@serverless-chat/client";
import type { Emulator } from "@serverless-chat/emulator";
import { expect } from "chai";
import { startNetwork } from "../support/network.ts";
import { startChat } from "../support/running-chat.ts";
import {
  openSession,
  outcomeOf,
  type RecordedOptions,
  type RecordedSession,
  startSession,
} from "../support/session.ts";

const IMPATIENT = { ports: { random: () => 0.02 }, timing: { answer: 1000 } };

describe("packages/client", () => {
  let chat: Emulator;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    chat = await startChat();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await chat.stop();
  });
  const open = async (own: RecordedOptions = {}): Promise<RecordedSession> => {
    const recorded = await openSession({ url: chat.url, ...own });
    closers.push(() => recorded.session.close());
    return recorded;
  };
  const send = ({ session }: RecordedSession, text: string): Promise<Message> => session.send("lobby", text);
  const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);

  it("joins the channels of its options, and not the lobby unless it is one of them", async () => {
    const anna = await open({ channels: ["ops", "dev"] });
    expect(anna.session.channels).to.deep.equal(["ops", "dev"]);
    expect(await outcomeOf(send(anna, "hello?"))).to.have.property("code", "not-a-member");
    expect(await anna.session.join("lobby")).to.equal("lobby");
    await anna.session.leave("dev");
    expect(anna.session.channels).to.deep.equal(["ops", "lobby"]);
  });

  it("stays a guest if another user has its name, and reports it", async () => {
    const [anna, other] = [await open({ name: "anna" }), await open({ name: "anna" })];
    expect(anna.session.user).to.equal("anna");
    expect(other.of("error").map(({ code }) => code)).to.deep.equal(["name-taken"]);
    await send(other, "Who am I?");
    expect(other.session.user).to.match(/^guest-/);
  });

  it("reports the number of messages from before the join that its options set", async () => {
    const anna = await open();
    for (const text of ["one", "two", "three"]) await send(anna, text);
    const [ben, eve] = [await open({ history: 2 }), await open()];
    await send(anna, "four");
    await Promise.all([ben, eve].map((user) => user.until(() => textsOf(user).includes("four"))));
    expect(textsOf(ben)).to.deep.equal(["two", "three", "four"]);
    expect(textsOf(eve)).to.deep.equal(["four"]);
  });

  it("recognizes its own messages, with a name and as a guest", async () => {
    const [anna, ben] = [await open(), await open({ name: "ben" })];
    await send(anna, "mine");
    await send(ben, "his");
    await anna.until(() => anna.messages("lobby").length === 2);
    const own = anna.messages("lobby").filter(({ isOwn }) => isOwn);
    expect(own.map(({ data }) => data)).to.deep.equal(["mine"]);
  });

  it("does not repeat a direct message that may have been delivered", async () => {
    const ben = await open({ name: "ben" });
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    const anna = await open({ url: network.url, ...IMPATIENT });
    network.silence("answers");
    const sent = outcomeOf(anna.session.direct("ben", "psst"));
    expect(await ben.next("direct")).to.have.property("data", "psst");
    network.mend();
    expect(await sent).to.have.property("code", "connection-lost");
    await send(ben, "one");
    await anna.until(() => anna.messages("lobby").length === 1);
    expect(ben.of("direct")).to.have.length(1);
  });

  it("sends messages that were written before there is a connection, in order", async () => {
    const ben = await open();
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    network.cut();
    // With the usual timeout: a guest whose answer is late is another guest, and its message is stored twice.
    const anna = startSession({ url: network.url, ports: IMPATIENT.ports });
    closers.push(() => anna.session.close());
    const sent = ["one", "two", "three"].map((text) => send(anna, text));
    await anna.nextState("offline");
    network.mend();
    await Promise.all(sent);
    await ben.until(() => ben.messages("lobby").length === 3);
    expect(textsOf(ben)).to.deep.equal(["one", "two", "three"]);
  });

  it("rejects requests without a reply when it is closed", async () => {
    const network = await startNetwork(chat.url);
    closers.push(network.stop);
    network.cut();
    const anna = startSession({ url: network.url });
    const sent = outcomeOf(send(anna, "too late"));
    await anna.nextState("offline");
    await anna.session.close();
    expect(await sent).to.have.property("code", "closed");
  });
});
