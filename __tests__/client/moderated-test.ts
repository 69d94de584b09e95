import { expect } from "chai";
import { startNetwork } from "../support/network.ts";
import {
  openSession,
  outcomeOf,
  type RecordedOptions,
  type RecordedSession,
  startSession,
} from "../support/session.ts";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const HASTY = { ports: { random: () => 0 } };

describe("packages/client, in a chat with moderators", () => {
  let chat: SignedInChat;
  const closers: (() => Promise<unknown>)[] = [];
  before(async () => {
    chat = await startSignedInChat({ moderators: ["moderators"], messageRate: { perSecond: 20, burst: 20 } });
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

  async function open(user: string, own: RecordedOptions = {}): Promise<RecordedSession> {
    const recorded = await openSession({ url: await chat.urlOf(user), ...HASTY, ...own });
    closers.push(() => recorded.session.close());
    return recorded;
  }
  async function moderator() {
    const mona = await chat.enter("mona", ["moderators"]);
    closers.push(() => mona.close());
    return mona;
  }
  const moderationsOf = (user: RecordedSession): string[] => user.of("moderation").map(({ type }) => type);
  const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);

  it("ends when the user is kicked", async () => {
    const [mona, ben] = [await moderator(), await open("ben")];
    const ended = ben.nextState("ended");
    expect(await answerTo(mona, { message: "kick", user: "ben" })).to.include({ type: "ack" });
    expect(await ended).to.have.nested.property("error.code", "kicked");
    expect(moderationsOf(ben)).to.deep.equal(["kicked"]);
    expect(await outcomeOf(ben.session.send("lobby", "Am I there?"))).to.have.property("code", "kicked");
    expect(ben.states("offline")).to.deep.equal([]);
  });

  it("reports a ban, ends, and is refused if the application starts another session", async () => {
    const [mona, eve] = [await moderator(), await open("eve")];
    const ended = eve.nextState("ended");
    expect(await answerTo(mona, { message: "ban", user: "eve" })).to.include({ type: "ack" });
    expect(await ended).to.have.nested.property("error.code", "banned");
    expect(moderationsOf(eve)).to.deep.equal(["banned"]);
    expect(eve.states("offline")).to.deep.equal([]);
    const again = startSession({ url: await chat.urlOf("eve"), ...HASTY });
    expect(await again.nextState("ended")).to.have.nested.property("error.code", "forbidden");
    await answerTo(mona, { message: "unban", user: "eve" });
  });

  it("does not report a message that was deleted before it was reported", async () => {
    const [mona, eve] = [await moderator(), await open("eve", { timing: { settle: 3_000 } })];
    const { message: target } = await answerTo(mona, { message: "sendmessage", data: "Buy my pills!" });
    await answerTo(mona, { message: "delete", target });
    await answerTo(mona, { message: "sendmessage", data: "Good morning." });
    await eve.until(() => textsOf(eve).includes("Good morning."));
    expect(textsOf(eve)).not.to.include("Buy my pills!");
    expect(eve.of("deleted")).to.have.length(1);
  });

  it("reports once that a message was deleted while there was no connection, however old the message is", async () => {
    const url = await chat.urlOf("zoe");
    const network = await startNetwork(url);
    closers.push(network.stop);
    const [mona, zoe] = [
      await moderator(),
      await open("zoe", { url: network.url + new URL(url).search, timing: { check: 500 } }),
    ];
    const { message: target } = await answerTo(mona, { message: "sendmessage", data: "Buy my pills!" });
    await answerTo(mona, { message: "sendmessage", data: "Good morning." });
    await zoe.until(() => textsOf(zoe).includes("Good morning."));
    network.cut();
    await zoe.until(() => zoe.states("offline").length > 0);
    expect(await answerTo(mona, { message: "delete", target })).to.include({ type: "ack" });
    network.mend();
    const deletions = () => zoe.of("deleted").filter(({ id }) => id === target);
    await zoe.until(() => deletions().length > 0);
    await answerTo(mona, { message: "sendmessage", data: "Good night." });
    await zoe.until(() => textsOf(zoe).includes("Good night."));
    expect(deletions()).to.have.length(1);
    expect(deletions()[0]).to.include({ channel: "lobby", by: "mona" });
  });

  it("creates a private channel, and joins one that it is invited to", async () => {
    const [anna, ben] = [await open("anna"), await open("ben")];
    const channel = await anna.session.join("plans", { private: true });
    expect(anna.session.channels).to.deep.equal(["lobby", channel]);
    await anna.session.invite(channel, "ben");
    await ben.until(() => moderationsOf(ben).includes("invited"));
    await ben.session.join(channel);
    await anna.session.send(channel, "Just us.");
    await ben.until(() => ben.messages(channel).length > 0);
    // The user is no longer a member once the invitation is revoked.
    await anna.session.revoke(channel, "ben");
    await ben.until(() => moderationsOf(ben).includes("revoked"));
    expect(ben.session.channels).to.deep.equal(["lobby"]);
  });

  it("sends all messages in order, although the chat limits the rate", async () => {
    const carl = await open("carl");
    const words = Array.from({ length: 40 }, (_, index) => String(index));
    await Promise.all(words.map((word) => carl.session.send("lobby", word)));
    await carl.until(() => textsOf(carl).length === words.length);
    expect(textsOf(carl)).to.deep.equal(words);
  });
});
