import { expect } from "chai";
import sinon from "sinon";
import { ulid } from "ulid";
import { LOBBY } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { EMOJIS_MAX, REACTIONS_MAX } from "../../../chat/reactions.ts";
import { deleteMessage } from "../../../chat/use-cases/delete.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { react } from "../../../chat/use-cases/react.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";

const send = frameSender(react, "react");
const remove = frameSender(deleteMessage, "delete");
const read = frameSender(history, "history");

interface Page {
  readonly messages: readonly { readonly reactions?: object }[];
  readonly reactions?: readonly { readonly id: string; readonly reactions: object; readonly change: string }[];
}

describe("chat/use-cases/react", () => {
  const target = ulid(NOON - 60_000);
  let chat: Chat;
  let [anna, ben]: Connected[] = [];
  beforeEach(async () => {
    chat = aChat({ storesReactions: true, ownMessageMinutes: 15 });
    anna = await chat.enter({ user: "anna", protocol: "chat.v1" });
    ben = await chat.enter({ user: "ben", protocol: "chat.v1" });
    const author = `CONNECTION#${anna.id}`;
    await chat.messages.store({ id: target, channel: LOBBY, from: "anna", data: "hi", author });
  });
  const reactAs = (user: Connected | undefined, emoji: string | null, id = target) =>
    send(chat, user as Connected, { channel: LOBBY, target: id, emoji });
  const pageOf = async (user: Connected | undefined, after?: string): Promise<Page> => {
    const outcome = await read(chat, user as Connected, { channel: LOBBY, limit: 50, ...(after && { after }) });
    return outcome.reply as never;
  };

  it("counts one reaction of each user, which a new one replaces and null removes", async () => {
    expect((await reactAs(anna, "👍")).reply).to.deep.equal({ type: "ack", request: "react" });
    await reactAs(ben, "👍");
    await reactAs(ben, "🎉");
    expect((await pageOf(ben)).messages[0]?.reactions).to.deep.equal({
      counts: [
        { emoji: "🎉", count: 1 },
        { emoji: "👍", count: 1 },
      ].sort((one, other) => (one.emoji < other.emoji ? -1 : 1)),
      own: "🎉",
      revision: 3,
    });
    await reactAs(ben, null);
    await reactAs(anna, null);
    expect((await pageOf(ben)).messages[0]).not.to.have.property("reactions");
  });

  it("notifies the channel of the user, the emoji and the counts, but not of the reader's own reaction", async () => {
    await reactAs(ben, "👍");
    await reactAs(ben, null);
    const [first, second] = chat.received(anna as Connected) as { change: string }[];
    expect(first).to.deep.equal({
      ...{ type: "reacted", channel: LOBBY, id: target, user: "ben", emoji: "👍" },
      reactions: { counts: [{ emoji: "👍", count: 1 }], revision: 1 },
      change: first?.change,
    });
    expect(second).to.deep.equal({
      ...{ type: "reacted", channel: LOBBY, id: target, user: "ben" },
      reactions: { counts: [], revision: 2 },
      change: second?.change,
    });
  });

  it("shows a client that was away a message once if simultaneous reactions have left several records", async () => {
    await reactAs(anna, "👍");
    const records = [1, 2].map((later) => ({ id: ulid(NOON + later), channel: LOBBY, reacted: target, revision: 1 }));
    for (const record of records) await chat.reactions.record(record);
    const { reactions } = await pageOf(ben, ulid(NOON - 1));
    expect(reactions?.map(({ change }) => change)).to.deep.equal([records[1]?.id]);
  });

  it("reads the reactions of a page at once, also those of messages whose records are in it", async () => {
    await reactAs(anna, "👍");
    const [between, get] = [sinon.spy(chat.reactions, "between"), sinon.spy(chat.reactions, "get")];
    const { messages, reactions } = await pageOf(ben, ulid(NOON - 120_000));
    expect([messages.length, reactions?.length]).to.deep.equal([1, 1]);
    expect([between.callCount, get.callCount]).to.deep.equal([1, 0]);
    await pageOf(ben, ulid(NOON - 1));
    expect([between.callCount, get.callCount], "a page of records only").to.deep.equal([1, 1]);
  });

  it("shows a client that was away each message with new reactions once, with the current counts and its own", async () => {
    const away = ulid(NOON - 1);
    await reactAs(anna, "👍");
    await reactAs(ben, "👍");
    const { messages, reactions = [] } = await pageOf(ben, away);
    expect(messages).to.deep.equal([]);
    expect(reactions.map(({ id, reactions: counts }) => ({ id, counts }))).to.deep.equal([
      { id: target, counts: { counts: [{ emoji: "👍", count: 2 }], own: "👍", revision: 2 } },
    ]);
    expect(await pageOf(ben, reactions[0]?.change)).not.to.have.property("reactions");
  });

  it("can be repeated: the counts stay the same, and the channel is notified once", async () => {
    await reactAs(ben, "👍");
    expect(await reactAs(ben, "👍")).to.deep.equal({
      ...{ reply: { type: "ack", request: "react" }, facts: { unchanged: true } },
    });
    expect((await pageOf(anna)).messages[0]?.reactions).to.deep.include({ counts: [{ emoji: "👍", count: 1 }] });
    await reactAs(ben, null);
    await reactAs(ben, null);
    expect(chat.received(anna as Connected)).to.have.length(2);
  });

  for (const port of ["record", "settle"] as const) {
    it(`notifies the channel again if the first attempt ended before ${port}`, async () => {
      const stub = sinon.stub(chat.reactions, port).rejects(new Error("The function broke."));
      expect(await reactAs(ben, "👍").catch((reason) => reason)).to.be.an("error");
      stub.restore();
      const before = chat.received(anna as Connected).length;
      expect((await reactAs(ben, "👍")).reply).to.include({ type: "ack" });
      expect(chat.received(anna as Connected)).to.have.length(before + 1);
    });
  }

  it("keeps one record if the record of an earlier reaction is stored after that of a later one", async () => {
    const { record } = chat.reactions;
    const stub = sinon.stub(chat.reactions, "record").callsFake(async (late) => {
      stub.restore();
      await reactAs(anna, "🎉");
      await record(late);
    });
    await reactAs(ben, "👍");
    const records = await chat.reactions.records({ channel: LOBBY, limit: 10 });
    expect(records).to.have.length(1);
    expect((await pageOf(ben, ulid(NOON - 1))).reactions).to.have.length(1);
  });

  it("sends an event for each change, with its revision, and none for a repeat that changes nothing", async () => {
    for (const emoji of ["👍", "👍", null]) await reactAs(ben, emoji);
    const changed = { type: "reaction changed", id: target, channel: LOBBY, user: "ben" };
    expect(chat.emitted).to.deep.equal([
      { ...changed, emoji: "👍", revision: 1 },
      { ...changed, revision: 2 },
    ]);
  });

  it("has no effect if a reaction is removed from a message without reactions", async () => {
    expect((await reactAs(ben, null)).facts).to.deep.equal({ unchanged: true });
    expect(chat.received(anna as Connected)).to.deep.equal([]);
  });

  it("is refused for unknown and deleted messages, whose reactions are deleted", async () => {
    await reactAs(ben, "👍");
    await remove(chat, anna as Connected, { channel: LOBBY, target });
    expect((await reactAs(ben, "🎉")).refusal).to.have.property("code", "unknown-message");
    expect((await reactAs(ben, "🎉", ulid(NOON))).refusal).to.have.property("code", "unknown-message");
    expect(await chat.reactions.get({ channel: LOBBY, id: target }, "")).to.equal(undefined);
    expect(await pageOf(ben, ulid(NOON - 1))).not.to.have.property("reactions");
  });

  it("is refused for users who are not members or are muted", async () => {
    const outsider = await chat.enter({ memberships: [] });
    expect((await reactAs(outsider, "👍")).refusal).to.have.property("code", "not-a-member");
    await chat.mutes.set(LOBBY, "ben", NOON + 60_000);
    const moderated = { ...chat, moderators: ["moderators"] };
    const outcome = await send(moderated, ben as Connected, { channel: LOBBY, target, emoji: "👍" });
    expect(outcome.refusal).to.have.property("code", "muted");
  });

  it("is refused beyond the limits of a message, but users can still change their reaction", async () => {
    const set = (author: string, emoji: string) =>
      chat.reactions.set({ channel: LOBBY, id: target, author, emoji, change: ulid(NOON) });
    await reactAs(anna, "👍");
    const emojis = Array.from({ length: EMOJIS_MAX - 1 }, (_, index) => String.fromCodePoint(0x1f600 + index));
    for (const emoji of emojis) await set(emoji, emoji);
    expect((await reactAs(ben, "🎉")).refusal?.detail).to.include("20 different emojis");
    expect((await reactAs(anna, "🎉")).reply, "in place of her own").to.include({ type: "ack" });
    await reactAs(anna, "👍");
    for (let users = EMOJIS_MAX; users < REACTIONS_MAX; users += 1) await set(`user ${users}`, "👍");
    expect((await reactAs(ben, "👍")).refusal?.detail).to.include("reactions from 500 users");
    expect((await reactAs(anna, "😀")).reply).to.include({ type: "ack" });
  });

  it("removes its reaction if the message is deleted at the same moment", async () => {
    const { set } = chat.reactions;
    sinon.stub(chat.reactions, "set").callsFake(async (reaction) => {
      await remove(chat, anna as Connected, { channel: LOBBY, target });
      return set(reaction);
    });
    expect((await reactAs(ben, "👍")).refusal).to.have.property("code", "unknown-message");
    expect(await chat.reactions.get({ channel: LOBBY, id: target }, "")).to.equal(undefined);
    expect(await chat.reactions.records({ channel: LOBBY, limit: 10 })).to.deep.equal([]);
  });

  it("keeps one record for each message, however often users react to it", async () => {
    for (const emoji of ["👍", "🎉", "👍"]) await reactAs(ben, emoji);
    expect(await chat.reactions.records({ channel: LOBBY, limit: 10 })).to.have.length(1);
  });
});
