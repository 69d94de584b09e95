import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import { VERSIONS_BYTES_MAX, VERSIONS_MAX } from "../../../chat/own-messages.ts";
import type { ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import { deleteMessage } from "../../../chat/use-cases/delete.ts";
import { editMessage } from "../../../chat/use-cases/edit.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";

const edit = frameSender(editMessage, "edit");
const read = frameSender(history, "history");
const remove = frameSender(deleteMessage, "delete");
const sendText = frameSender(sendMessage, "sendmessage");

/** Ben has sent a message. He and mona, a moderator, are in the lobby. */
async function aChatOfBen(
  own: { readonly groups: undefined } | { readonly groups: readonly string[] } = { groups: [] },
) {
  let time = NOON;
  const chat = aChat({ moderators: ["moderators"], ownMessageMinutes: 15, now: () => time });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"], protocol: "chat.v1" });
  const ben = await chat.enter({ user: "ben", ...own, protocol: "chat.v1" });
  await sendText(chat, ben, { channel: LOBBY, data: "Helo" });
  const [{ id: target }] = chat.received(mona) as [ServerFrameOf<"message">];
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  pass(60_000);
  const editTo = (data: string, id?: string) =>
    edit(chat, ben, { channel: LOBBY, target, data, ...(id !== undefined && { id }) });
  return { chat, mona, ben, target, pass, editTo };
}

const editsFor = (chat: Chat, of: { readonly id: string }) =>
  chat.received(of).filter((frame) => (frame as { type: string }).type === "edited") as ServerFrameOf<"edited">[];

async function latestOf(chat: Chat, reader: Awaited<ReturnType<Chat["enter"]>>) {
  const { reply } = await read(chat, reader, { channel: LOBBY, limit: 1 });
  return (reply as ServerFrameOf<"history">).messages[0];
}

describe("chat/use-cases/edit", () => {
  it("replaces the text, and notifies all members", async () => {
    const { chat, mona, ben, target, editTo } = await aChatOfBen();
    const { reply } = await editTo("Hello", "c-1");
    expect(reply).to.deep.equal({ type: "ack", request: "edit", id: "c-1" });
    for (const member of [mona, ben]) {
      const [frame, ...more] = editsFor(chat, member);
      expect(frame).to.include({ type: "edited", channel: LOBBY, id: target, data: "Hello" });
      expect(more).to.deep.equal([]);
    }
    expect(await latestOf(chat, ben)).to.include({ id: target, data: "Hello", edit: editsFor(chat, ben)[0]?.edit });
  });

  it("is in the history after every id that was stored before it, with the current text", async () => {
    const { chat, ben, target, pass, editTo } = await aChatOfBen();
    const after = chat.newMessageId();
    await editTo("Hello");
    pass(1_000);
    await editTo("Hello!");
    const { reply } = await read(chat, ben, { channel: LOBBY, limit: 50, after });
    const { messages, edits = [] } = reply as ServerFrameOf<"history">;
    expect(messages).to.deep.equal([]);
    expect(edits).to.have.length(1);
    expect(edits[0]).to.deep.equal(editsFor(chat, ben)[1]);
    expect(edits[0]).to.include({ id: target, data: "Hello!" });
  });

  it("is not in the history of a message that was deleted later", async () => {
    const { chat, ben, target, editTo } = await aChatOfBen();
    const after = chat.newMessageId();
    await editTo("Hello");
    await remove(chat, ben, { channel: LOBBY, target });
    const { reply } = await read(chat, ben, { channel: LOBBY, limit: 50, after });
    expect(reply).to.not.have.property("edits");
    expect(reply).to.have.property("changes").with.length(1);
    expect(await latestOf(chat, ben))
      .to.include({ data: "", deleted: true })
      .and.not.have.property("edit");
  });

  it("shows earlier texts to moderators only", async () => {
    const { chat, mona, ben, pass, editTo } = await aChatOfBen();
    await editTo("Hello");
    pass(1_000);
    await editTo("Hello!");
    expect(await latestOf(chat, mona))
      .to.have.property("versions")
      .that.deep.equals(["Helo", "Hello"]);
    expect(await latestOf(chat, ben)).to.not.have.any.keys("versions", "author", "editDigest");
    expect(editsFor(chat, ben)[0]).to.have.all.keys("type", "channel", "id", "data", "edit", "change");
  });

  it("keeps the first text and the latest ones, within the limits", async () => {
    const { chat, ben, target, pass, editTo } = await aChatOfBen();
    const versions = async () => (await chat.messages.get({ channel: LOBBY, id: target }))?.versions ?? [];
    for (let count = 0; count < VERSIONS_MAX + 5; count += 1) {
      pass(1);
      await editTo(`text ${count}`);
    }
    expect(await versions()).to.have.length(VERSIONS_MAX);
    expect((await versions()).map(({ data }) => data)).to.include.members(["Helo", "text 13"]);
    for (const letter of "abcdef") {
      pass(1);
      await editTo(letter.repeat(16_384));
    }
    expect(Buffer.byteLength(JSON.stringify(await versions()))).to.be.at.most(VERSIONS_BYTES_MAX);
    expect((await versions())[0]?.data).to.equal("Helo");
    expect(await latestOf(chat, ben))
      .to.have.property("data")
      .with.length(16_384);
  });

  it("is applied once if the answer is lost and the client repeats it, also after a newer edit", async () => {
    const { chat, ben, mona, target, pass, editTo } = await aChatOfBen();
    await editTo("Hello", "c-1");
    pass(1_000);
    await editTo("Hello", "c-1");
    const [first, second] = editsFor(chat, ben);
    expect(first?.edit).to.equal(second?.edit);
    await editTo("Hello!", "c-2");
    pass(1_000);
    expect((await editTo("Hello", "c-1")).reply).to.include({ type: "ack", id: "c-1" });
    expect(await latestOf(chat, mona)).to.include({ data: "Hello!" });
    expect((await chat.messages.get({ channel: LOBBY, id: target }))?.versions).to.have.length(2);
  });

  it("is applied once if a review replaces the text of a repeat differently", async () => {
    const { chat, ben, mona, target, pass, editTo } = await aChatOfBen();
    let asked = 0;
    const ask = async () => ({ decision: "replace", data: `replaced ${++asked}` }) as const;
    const reviewing: Chat = { ...chat, reviewer: { onFailure: "deny", ask } };
    const editReviewed = (data: string, id?: string) =>
      edit(reviewing, ben, { channel: LOBBY, target, data, ...(id !== undefined && { id }) });
    for (const id of ["c-1", undefined]) {
      await editReviewed("Hello", id);
      pass(1_000);
      expect((await editReviewed("Hello", id)).reply).to.include({ type: "ack" });
      const [first, second] = editsFor(chat, mona).slice(-2);
      expect(second, `with the id ${id}`).to.include({ data: `replaced ${asked}`, edit: first?.edit });
      pass(1_000);
      await editTo("another text");
      pass(1_000);
    }
    expect(asked).to.equal(2);
    expect((await editReviewed("Hello", "c-1")).facts, "a repeat of an earlier edit").to.include({ unchanged: true });
    expect(await latestOf(chat, mona)).to.include({ data: "another text" });
    expect(asked).to.equal(2);
  });

  it("does not review an edit that the user is not allowed to make", async () => {
    const { chat, mona, ben, target, pass } = await aChatOfBen();
    const asked: string[] = [];
    const ask = async ({ data }: { readonly data: string }) => {
      asked.push(data);
      return { decision: "allow" } as const;
    };
    const reviewing: Chat = { ...chat, reviewer: { onFailure: "deny", ask } };
    const codeOf = async (user: typeof ben, id = target) =>
      (await edit(reviewing, user, { channel: LOBBY, target: id, data: "secret" })).refusal?.code;
    expect(await codeOf(mona)).to.equal("not-allowed");
    expect(await codeOf(ben, "0".repeat(26))).to.equal("unknown-message");
    pass(15 * 60_000);
    expect(await codeOf(ben)).to.equal("not-allowed");
    expect(asked).to.deep.equal([]);
  });

  it("does not replace a newer edit that was handled earlier", async () => {
    const { chat, ben, target, editTo } = await aChatOfBen();
    await editTo("newer");
    const request = { connected: await chat.stored(ben), route: "edit", deadline: Number.POSITIVE_INFINITY };
    const frame = { channel: LOBBY, target, data: "older" };
    const { reply } = await editMessage(chat, { ...request, frame, receivedAt: chat.now() - 1 });
    expect(reply).to.include({ type: "ack" });
    expect(await latestOf(chat, ben)).to.include({ data: "newer" });
    expect(editsFor(chat, ben)).to.have.length(1);
  });

  it("reads the message again if another edit was written in between", async () => {
    const { chat, ben, target, pass, editTo } = await aChatOfBen();
    let isFirst = true;
    const racing: Chat = {
      ...chat,
      messages: {
        ...chat.messages,
        async get(key) {
          const message = await chat.messages.get(key);
          if (isFirst) {
            isFirst = false;
            await editTo("first");
            pass(1);
          }
          return message;
        },
      },
    };
    const frame = { channel: LOBBY, target, data: "second" };
    const request = { connected: await chat.stored(ben), route: "edit", deadline: Number.POSITIVE_INFINITY };
    await editMessage(racing, { ...request, frame, receivedAt: chat.now() + 1 });
    expect(await latestOf(chat, ben)).to.include({ data: "second" });
    const stored = await chat.messages.get({ channel: LOBBY, id: target });
    expect(stored?.versions?.map(({ data }) => data)).to.deep.equal(["Helo", "first"]);
  });

  it("is not undone if the sender repeats the message", async () => {
    const { chat, ben } = await aChatOfBen();
    const dying: Chat = { ...chat, repeats: { ...chat.repeats, settle: async () => undefined } };
    const frame = { channel: LOBBY, data: "Helo", id: "c-9" };
    const { reply } = await sendText(dying, ben, frame);
    const target = String((reply as ServerFrameOf<"ack">).message);
    await edit(chat, ben, { channel: LOBBY, target, data: "Hello" });
    expect((await sendText(chat, ben, frame)).reply).to.include({ type: "ack", message: target });
    expect(await latestOf(chat, ben)).to.include({ id: target, data: "Hello" });
  });

  for (const port of ["edit", "record"] as const) {
    for (const way of ["has no effect", "takes effect"] as const) {
      it(`is completed by a repeat if the function breaks when messages.${port} ${way}`, async () => {
        const { chat, ben, target } = await aChatOfBen();
        const broken = async (...given: [never, never]) => {
          if (way === "takes effect") await chat.messages[port](...given);
          throw new Error("The function broke.");
        };
        const breaking: Chat = { ...chat, messages: { ...chat.messages, [port]: broken } };
        const frame = { channel: LOBBY, target, data: "Hello", id: "c-1" };
        expect(await edit(breaking, ben, frame).catch((reason) => reason)).to.be.an("error");
        // Meanwhile, another client reads everything that is stored so far.
        const after = chat.newMessageId();
        expect((await edit(chat, ben, frame)).reply).to.include({ type: "ack" });
        const { reply } = await read(chat, ben, { channel: LOBBY, limit: 50, after });
        expect(reply).to.have.property("edits").with.length(1);
        expect((await chat.messages.get({ channel: LOBBY, id: target }))?.versions).to.have.length(1);
      });
    }
  }

  it("refuses messages of others, also to moderators, and deleted and unknown messages", async () => {
    const { chat, mona, ben, target } = await aChatOfBen();
    const codeOf = async (user: typeof ben, id: string) =>
      (await edit(chat, user, { channel: LOBBY, target: id, data: "x" })).refusal?.code;
    expect(await codeOf(mona, target)).to.equal("not-allowed");
    expect(await codeOf(ben, "0".repeat(26))).to.equal("unknown-message");
    await remove(chat, mona, { channel: LOBBY, target });
    expect(await codeOf(ben, target)).to.equal("unknown-message");
  });

  it("refuses a message that is too old, a muted user, and channels of which the user is not a member", async () => {
    const { chat, ben, target, pass, editTo } = await aChatOfBen();
    expect((await edit(chat, ben, { channel: "~ops", target, data: "x" })).refusal?.code).to.equal("unknown-channel");
    await chat.mutes.set(LOBBY, "ben", chat.now() + 60_000);
    expect((await editTo("x")).refusal?.code).to.equal("muted");
    pass(14 * 60_000);
    expect((await editTo("x")).reply, "after exactly 15 minutes").to.include({ type: "ack" });
    pass(1);
    const { refusal } = await editTo("y");
    expect(refusal).to.include({ code: "not-allowed" });
    expect(refusal?.detail).to.include("older than 15 minutes");
  });

  it("lets guests edit messages of the same connection only, whatever their names", async () => {
    const { chat, ben, target, editTo } = await aChatOfBen({ groups: undefined });
    await chat.connections.rename(ben.id, "benedict");
    expect((await editTo("Hello")).reply).to.include({ type: "ack" });
    const other = await chat.enter({ user: "ben" });
    const { refusal } = await edit(chat, other, { channel: LOBBY, target, data: "x" });
    expect(refusal?.code).to.equal("not-allowed");
  });

  it("lets senders delete their own messages within the same time", async () => {
    const { chat, ben, target, pass } = await aChatOfBen();
    const own = { channel: LOBBY, target };
    const other = await chat.enter({ user: "eve", groups: [] });
    expect((await remove(chat, other, own)).refusal?.code).to.equal("not-allowed");
    expect((await remove(chat, ben, own)).reply).to.include({ type: "ack" });
    expect(await latestOf(chat, ben)).to.include({ data: "", deleted: true });
    pass(15 * 60_000);
    expect((await remove(chat, ben, own)).reply, "a repeat").to.include({ type: "ack" });
    await sendText(chat, ben, { channel: LOBBY, data: "too late" });
    const late = await latestOf(chat, ben);
    pass(15 * 60_000 + 1_000);
    expect((await remove(chat, ben, { channel: LOBBY, target: String(late?.id) })).refusal?.code).to.equal(
      "not-allowed",
    );
  });

  it("stores an author only where messages can be edited", async () => {
    const chat = aChat();
    const ben = await chat.enter({ user: "ben", groups: [] });
    await sendText(chat, ben, { channel: LOBBY, data: "hi" });
    const [stored] = await chat.messages.read({ channel: LOBBY, limit: 1, latestFirst: true });
    expect(stored).to.not.have.property("author");
  });
});
