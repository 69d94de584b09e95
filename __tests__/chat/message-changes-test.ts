import { expect } from "chai";
import type { ServerFrame, ServerFrameOf } from "../../chat/protocol/client-frames.ts";
import { conversations } from "../../chat/use-cases/conversations.ts";
import { deleteMessage } from "../../chat/use-cases/delete.ts";
import { direct } from "../../chat/use-cases/direct.ts";
import { editMessage } from "../../chat/use-cases/edit.ts";
import { history } from "../../chat/use-cases/history.ts";
import { react } from "../../chat/use-cases/react.ts";
import { aChat, type Chat, failing, frameSender, gone } from "../support/chat.ts";

const send = frameSender(direct, "direct");
const edit = frameSender(editMessage, "edit");
const remove = frameSender(deleteMessage, "delete");
const reactTo = frameSender(react, "react");
const read = frameSender(history, "history");
const list = frameSender(conversations, "conversations");

const authenticated = { groups: [], protocol: "chat.v1" } as const;
const storing = { directConversations: true, ownMessageMinutes: 15, storesReactions: true } as const;

/** Anna, who has a phone and a laptop, has sent a direct message to ben. Mona is a moderator. */
async function aConversation(own: Parameters<typeof aChat>[0] = storing) {
  const chat = aChat({ moderators: ["moderators"], ...own });
  const phone = await chat.enter({ ...authenticated, user: "anna" });
  const laptop = await chat.enter({ ...authenticated, user: "anna" });
  const ben = await chat.enter({ ...authenticated, user: "ben" });
  const mona = await chat.enter({ ...authenticated, user: "mona", groups: ["moderators"] });
  const { reply } = await send(chat, phone, { to: "ben", data: "Helo" });
  const { message: target = "" } = reply as ServerFrameOf<"ack">;
  return { chat, phone, laptop, ben, mona, target };
}

type Reader = Awaited<ReturnType<Chat["enter"]>>;

const changesFor = (chat: Chat, of: Reader) =>
  (chat.received(of) as ServerFrame[]).filter(({ type }) => ["edited", "deleted", "reacted"].includes(type));

async function pageOf(chat: Chat, reader: Reader, frame: { readonly direct: string; readonly after?: string }) {
  const { reply } = await read(chat, reader, { limit: 50, ...frame });
  return reply as ServerFrameOf<"conversation">;
}

const changeListed = async (chat: Chat, reader: Reader): Promise<string | undefined> =>
  ((await list(chat, reader, {})).reply as ServerFrameOf<"conversations">).conversations[0]?.change;

describe("chat/message-changes, in a conversation", () => {
  it("replaces the text, and notifies all connections of both users, each of the other user", async () => {
    const { chat, phone, laptop, ben, mona, target } = await aConversation();
    const { reply } = await edit(chat, phone, { direct: "ben", target, data: "Hello", id: "c-1" });
    expect(reply).to.deep.equal({ type: "ack", request: "edit", id: "c-1" });
    const [{ edit: id, change }] = changesFor(chat, ben) as [ServerFrameOf<"edited">];
    const edited = { type: "edited", id: target, data: "Hello", edit: id, change };
    expect(changesFor(chat, ben)).to.deep.equal([{ ...edited, direct: "anna" }]);
    for (const own of [phone, laptop]) expect(changesFor(chat, own)).to.deep.equal([{ ...edited, direct: "ben" }]);
    expect(changesFor(chat, mona)).to.deep.equal([]);
    expect((await pageOf(chat, ben, { direct: "anna" })).messages[0]).to.include({ data: "Hello", edit: id });
  });

  it("shows the present state to users who were away, in the history and in the list of conversations", async () => {
    const { chat, phone, ben, target } = await aConversation();
    const other = { direct: "ben", target };
    const last = chat.newMessageId();
    await reactTo(chat, ben, { direct: "anna", target, emoji: "👍" });
    await edit(chat, phone, { ...other, data: "Hello" });
    const away = await pageOf(chat, ben, { direct: "anna", after: last });
    const [edited] = away.edits ?? [];
    expect(edited)
      .to.include({ type: "edited", direct: "anna", id: target, data: "Hello" })
      .and.not.have.key("channel");
    expect(away.reactions?.[0]).to.deep.include({ direct: "anna", id: target });
    expect(away.reactions?.[0]?.reactions).to.deep.include({ counts: [{ emoji: "👍", count: 1 }], own: "👍" });
    for (const reader of [phone, ben]) expect(await changeListed(chat, reader)).to.equal(edited?.change);
    await remove(chat, phone, other);
    const { changes = [], edits, reactions } = await pageOf(chat, ben, { direct: "anna", after: last });
    expect(changes).to.have.length(1);
    expect(changes[0]).to.include({ type: "deleted", direct: "anna", id: target, by: "anna" });
    expect([edits, reactions]).to.deep.equal([undefined, undefined]);
    expect((await pageOf(chat, phone, { direct: "ben" })).messages[0]).to.include({ data: "", deleted: true });
    for (const reader of [phone, ben]) expect(await changeListed(chat, reader)).to.equal(changes[0]?.change);
  });

  it("shows no earlier texts, not even to a moderator", async () => {
    const { chat, phone, mona } = await aConversation();
    const { reply } = await send(chat, mona, { to: "anna", data: "Helo" });
    const { message: target = "" } = reply as ServerFrameOf<"ack">;
    await edit(chat, mona, { direct: "anna", target, data: "Hello" });
    for (const [reader, other] of [[mona, "anna"] as const, [phone, "mona"] as const])
      expect((await pageOf(chat, reader, { direct: other })).messages[0]).to.not.have.any.keys("versions", "author");
  });

  it("lets only the sender edit and delete, not the other user and not a moderator", async () => {
    const { chat, ben, mona, target } = await aConversation();
    for (const [user, other] of [[ben, "anna"] as const, [mona, "anna"] as const]) {
      const frame = { direct: other, target };
      const code = user === ben ? "not-allowed" : "unknown-message";
      expect((await edit(chat, user, { ...frame, data: "no" })).refusal?.code).to.equal(code);
      expect((await remove(chat, user, frame)).refusal?.code).to.equal(code);
    }
    expect((await reactTo(chat, mona, { direct: "anna", target, emoji: "👍" })).refusal?.detail).to.match(
      /^The conversation has no message/,
    );
  });

  it("does not let moderators delete where senders cannot, and does not look the message up", async () => {
    const { chat, mona, target } = await aConversation({ directConversations: true });
    chat.messages.get = () => Promise.reject(new Error("the role does not allow it"));
    const { refusal } = await remove(chat, mona, { direct: "anna", target });
    expect(refusal?.detail).to.equal("Messages cannot be edited or deleted by their senders in this environment.");
  });

  it("refuses a conversation where direct messages are not stored, and a frame with a channel as well", async () => {
    const { chat, ben, target } = await aConversation({ ownMessageMinutes: 15 });
    const frame = { direct: "anna", target };
    for (const outcome of [
      await edit(chat, ben, { ...frame, data: "hi" }),
      await remove(chat, ben, frame),
      await reactTo(chat, ben, { ...frame, emoji: "👍" }),
    ])
      expect(outcome.refusal?.detail).to.equal(
        "Direct messages are not stored in this environment, so there are no conversations.",
      );
    const both = { channel: "lobby", direct: "anna", target, data: "hi" };
    expect((await edit((await aConversation()).chat, ben, both)).refusal?.code).to.equal("malformed-frame");
  });

  it("counts the reactions of both users, and records each of them once for users who were away", async () => {
    const { chat, phone, ben, target } = await aConversation();
    await reactTo(chat, ben, { direct: "anna", target, emoji: "👍" });
    await reactTo(chat, phone, { direct: "ben", target, emoji: "👍" });
    const [first, second] = changesFor(chat, ben) as ServerFrameOf<"reacted">[];
    expect(first).to.include({ direct: "anna", user: "ben", emoji: "👍" });
    expect(second?.reactions.counts).to.deep.equal([{ emoji: "👍", count: 2 }]);
    const { messages, reactions } = await pageOf(chat, ben, { direct: "anna", after: "0".repeat(26) });
    expect(messages[0]?.reactions).to.deep.include({ own: "👍" });
    expect(reactions).to.have.length(1);
  });

  it("reacts to a message of a backend, and notifies only the user", async () => {
    const { chat, phone, laptop, ben } = await aConversation();
    const other = { name: "ben", publisher: true } as const;
    const channel = `DIRECT#${chat.pairOf("anna", other)}`;
    const id = chat.newMessageId();
    await chat.messages.store({ id, channel, from: "ben", data: "deployed", publisher: true });
    await reactTo(chat, phone, { direct: "ben", publisher: true, target: id, emoji: "🎉" });
    expect(changesFor(chat, laptop)[0]).to.include({ direct: "ben", publisher: true, id });
    expect(changesFor(chat, ben)).to.deep.equal([]);
  });

  it("replies to a message of the conversation, and refuses a reply where direct messages are not stored", async () => {
    const { chat, ben, phone, target } = await aConversation();
    await send(chat, ben, { to: "anna", data: "Hi", replyTo: target });
    expect(chat.received(phone)[0]).to.include({ type: "direct", data: "Hi", replyTo: target });
    expect((await pageOf(chat, phone, { direct: "ben" })).messages[1]).to.include({ replyTo: target });
    const unstored = await aConversation({});
    const frame = { to: "anna", data: "Hi", replyTo: target };
    expect((await send(unstored.chat, unstored.ben, frame)).refusal?.detail).to.match(/Omit "replyTo"/);
  });

  it("notifies once in a conversation of a user with herself", async () => {
    const { chat, phone } = await aConversation();
    const { reply } = await send(chat, phone, { to: "anna", data: "to do" });
    const { message: target = "" } = reply as ServerFrameOf<"ack">;
    await edit(chat, phone, { direct: "anna", target, data: "done" });
    expect(changesFor(chat, phone)).to.have.length(1);
  });

  it("is acknowledged and recorded if the other user cannot be reached, and removes connections that are gone", async () => {
    const { chat, phone, laptop, ben, target } = await aConversation();
    chat.setPushOutcome(laptop, gone);
    chat.setPushOutcome(ben, failing);
    const { reply, facts } = await edit(chat, phone, { direct: "ben", target, data: "Hello" });
    expect(reply).to.have.property("type", "ack");
    expect(facts).to.have.nested.property("otherTally.failed", 1);
    expect(await chat.connections.get(laptop.id)).to.equal(undefined);
    expect(await changeListed(chat, ben)).to.be.a("string");
  });

  it("sends no event, and does not ask the reviewer, as for a direct message", async () => {
    const { chat, phone, target } = await aConversation();
    const ask = () => Promise.reject(new Error("It was asked."));
    const reviewed = { ...chat, reviewer: { ask, onFailure: "deny" as const } };
    const emitted = chat.emitted.length;
    expect(await edit(reviewed, phone, { direct: "ben", target, data: "Hello" })).to.have.property("reply");
    expect(await remove(chat, phone, { direct: "ben", target })).to.have.property("reply");
    expect(chat.emitted).to.have.length(emitted);
  });
});
