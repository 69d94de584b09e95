import { expect } from "chai";
import { realPorts } from "../../client/real-ports.ts";
import type { SessionOptions } from "../../client/session.ts";
import { startNetwork } from "../support/network.ts";
import { aSession, startSession, type Told } from "../support/session.ts";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const HASTY = { ports: { ...realPorts, random: () => 0 } };

describe("client/session, among moderators", () => {
  let chat: SignedInChat;
  const closers: (() => Promise<unknown>)[] = [];
  before(async () => {
    chat = await startSignedInChat({ moderators: ["moderators"], messageRate: { perSecond: 20, burst: 20 } });
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

  async function open(user: string, own: Partial<SessionOptions> = {}): Promise<Told> {
    const told = await aSession({ url: await chat.urlOf(user), ...HASTY, ...own });
    closers.push(() => told.session.close());
    return told;
  }
  async function moderator() {
    const mona = await chat.enter("mona", ["moderators"]);
    closers.push(() => mona.close());
    return mona;
  }
  const newsOf = ({ events }: Told, type: string) =>
    events.flatMap((event) => (event.type === "news" && event.news.type === type ? [event.news] : []));
  const say = ({ session }: Told, data: string, channel = "lobby") =>
    session.ask({ message: "sendmessage", channel, data });

  it("does not come back once it is kicked", async () => {
    const [mona, ben] = [await moderator(), await open("ben")];
    expect(await answerTo(mona, { message: "kick", user: "ben" })).to.include({ type: "ack" });
    await ben.until(() => newsOf(ben, "kicked").length > 0);
    expect(await say(ben, "Am I there?")).to.have.property("type", "unanswered");
    expect(ben.events.filter(({ type }) => type === "offline")).to.deep.equal([]);
  });

  it("reports a ban, ends, and is refused if the application starts another session", async () => {
    const [mona, eve] = [await moderator(), await open("eve")];
    expect(await answerTo(mona, { message: "ban", user: "eve" })).to.include({ type: "ack" });
    await eve.until(() => newsOf(eve, "banned").length > 0);
    expect(await say(eve, "Am I there?")).to.have.property("type", "unanswered");
    expect(eve.events.filter(({ type }) => type === "offline")).to.deep.equal([]);
    const again = startSession({ url: await chat.urlOf("eve"), ...HASTY });
    expect(await again.next("ended"))
      .to.have.property("detail")
      .that.includes("403");
    await answerTo(mona, { message: "unban", user: "eve" });
  });

  it("tells nothing of a message that was deleted before it was told", async () => {
    const [mona, eve] = [await moderator(), await open("eve", { timing: { settle: 3_000 } })];
    const { message: target } = await answerTo(mona, { message: "sendmessage", data: "Buy my pills!" });
    await answerTo(mona, { message: "delete", target });
    await answerTo(mona, { message: "sendmessage", data: "Good morning." });
    await eve.until(() => eve.said("lobby").some(({ data }) => data === "Good morning."));
    expect(eve.said("lobby").map(({ data }) => data)).not.to.include("Buy my pills!");
    expect(newsOf(eve, "deleted")).to.have.length(1);
  });

  it("tells once that a message was deleted while there was no connection, however old the message is", async () => {
    const url = await chat.urlOf("zoe");
    const network = await startNetwork(url);
    closers.push(network.stop);
    const [mona, zoe] = [
      await moderator(),
      await open("zoe", { url: network.url + new URL(url).search, timing: { check: 500 } }),
    ];
    const { message: target } = await answerTo(mona, { message: "sendmessage", data: "Buy my pills!" });
    await answerTo(mona, { message: "sendmessage", data: "Good morning." });
    await zoe.until(() => zoe.said("lobby").some(({ data }) => data === "Good morning."));
    network.cut();
    await zoe.until(() => zoe.events.some(({ type }) => type === "offline"));
    expect(await answerTo(mona, { message: "delete", target })).to.include({ type: "ack" });
    network.mend();
    const deletions = () => newsOf(zoe, "deleted").filter((news) => news.type === "deleted" && news.id === target);
    await zoe.until(() => deletions().length > 0);
    await answerTo(mona, { message: "sendmessage", data: "Good night." });
    await zoe.until(() => zoe.said("lobby").some(({ data }) => data === "Good night."));
    expect(deletions()).to.have.length(1);
    expect(deletions()[0]).to.include({ channel: "lobby", by: "mona" });
  });

  it("is in a private channel by its full name, and comes to the one that it is invited to", async () => {
    const [anna, ben] = [await open("anna"), await open("ben")];
    const made = await anna.session.ask({ message: "join", channel: "plans", private: true });
    const [, channel = ""] = anna.session.channels;
    expect(made).to.include({ type: "ack", channel });
    await anna.session.ask({ message: "invite", channel, user: "ben" });
    await ben.until(() => newsOf(ben, "invited").length > 0);
    expect(await ben.session.ask({ message: "join", channel })).to.include({ type: "ack" });
    await say(anna, "Just us.", channel);
    await ben.until(() => ben.said(channel).length > 0);
  });

  it("says everything, though it is told to wait", async () => {
    const carl = await open("carl");
    const words = Array.from({ length: 40 }, (_, index) => String(index));
    for (const answer of await Promise.all(words.map((word) => say(carl, word)))) expect(answer.type).to.equal("ack");
    await carl.until(() => carl.said("lobby").length === words.length);
    expect(carl.said("lobby").map(({ data }) => data)).to.deep.equal(words);
  });
});
