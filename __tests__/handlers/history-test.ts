import { expect } from "chai";
import { LOBBY } from "../../chat/channel.ts";
import { messageFrame } from "../../chat/message.ts";
import { history } from "../../handlers/history.ts";
import { aMessage } from "../support/builders.ts";
import { aChat, type Chat } from "../support/chat.ts";
import { saying } from "../support/saying.ts";

const ask = saying(history, "history");

/** So many messages of the lobby, oldest first, as clients get them. */
async function said(chat: Chat, count: number) {
  const messages = Array.from({ length: count }, () => aMessage({ id: chat.newMessageId() }));
  for (const message of messages) await chat.messages.store(message);
  return messages.map(messageFrame);
}

describe("handlers/history", () => {
  it("answers the latest messages, oldest first, and a cursor to those before", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const all = await said(chat, 5);
    const { reply } = await ask(chat, anna, { channel: LOBBY, limit: 2, id: "h-1" });
    expect(reply).to.deep.equal({
      type: "history",
      id: "h-1",
      channel: LOBBY,
      messages: all.slice(3),
      cursor: { before: all[3]?.id },
    });
    const { reply: rest } = await ask(chat, anna, { channel: LOBBY, limit: 3, before: all[3]?.id });
    expect(rest).to.deep.equal({ type: "history", channel: LOBBY, messages: all.slice(0, 3) });
  });

  it("answers what came after a message, in order", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const all = await said(chat, 4);
    const { reply } = await ask(chat, anna, { channel: LOBBY, limit: 2, after: all[0]?.id });
    expect(reply).to.deep.include({ messages: all.slice(1, 3), cursor: { after: all[2]?.id } });
  });

  it("refuses who is no member", async () => {
    const chat = aChat();
    const anna = await chat.enter({ memberships: [] });
    expect((await ask(chat, anna, { channel: LOBBY, limit: 1 })).refusal?.code).to.equal("not-a-member");
  });
});
