import { expect } from "chai";
import { LOBBY } from "../../chat/channel.ts";
import { deleteMessage } from "../../handlers/delete.ts";
import { history } from "../../handlers/history.ts";
import { sendMessage } from "../../handlers/send-message.ts";
import { aMessage } from "../support/builders.ts";
import { aChat, type Chat } from "../support/chat.ts";
import { saying } from "../support/saying.ts";

const ask = saying(deleteMessage, "delete");
const read = saying(history, "history");
const say = saying(sendMessage, "sendmessage");

async function aModeratedChat() {
  const chat = aChat({ moderators: ["moderators"] });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"], protocol: "chat.v1" });
  const ben = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
  const message = aMessage({ from: "ben", data: "Buy my pills!" });
  await chat.messages.store(message);
  return { chat, mona, ben, message };
}

describe("handlers/delete", () => {
  it("leaves a tombstone, and tells everybody in the channel", async () => {
    const { chat, mona, ben, message } = await aModeratedChat();
    const { reply } = await ask(chat, mona, { channel: LOBBY, target: message.id });
    expect(reply).to.deep.equal({ type: "ack", request: "delete" });
    expect(chat.heard(ben)).to.deep.equal([{ type: "deleted", channel: LOBBY, id: message.id, by: "mona" }]);
    const { reply: page } = await read(chat, ben, { channel: LOBBY, limit: 1 });
    expect(page)
      .to.have.property("messages")
      .with.nested.property("[0]")
      .that.include({ from: "ben", data: "", deleted: true });
  });

  it("tells whoever has no subprotocol nothing: they have seen it as bare text", async () => {
    const { chat, mona, message } = await aModeratedChat();
    const plain = await chat.enter({ user: "eve", groups: [] });
    await ask(chat, mona, { channel: LOBBY, target: message.id });
    expect(chat.heard(plain)).to.deep.equal([]);
  });

  it("knows no message that there is not", async () => {
    const { chat, mona } = await aModeratedChat();
    const { refusal } = await ask(chat, mona, { channel: LOBBY, target: "0".repeat(26) });
    expect(refusal?.code).to.equal("unknown-message");
  });

  it("refuses who does not moderate, and moderators where they are not themselves", async () => {
    const { chat, mona, ben, message } = await aModeratedChat();
    expect((await ask(chat, ben, { channel: LOBBY, target: message.id })).refusal?.code).to.equal("not-allowed");
    expect((await ask(chat, mona, { channel: "~ops", target: message.id })).refusal?.code).to.equal("unknown-channel");
  });

  it("is not undone by a repeat of what was said, of which nobody hears", async () => {
    const { chat, mona, ben } = await aModeratedChat();
    const frame = { channel: LOBBY, data: "Buy my pills!", id: "c-1" };
    const dying: Chat = { ...chat, repeats: { ...chat.repeats, settle: async () => undefined } };
    const { reply } = await say(dying, ben, frame);
    const target = String((reply as { message?: string }).message);
    await ask(chat, mona, { channel: LOBBY, target });
    const heard = chat.heard(mona).length;
    expect((await say(chat, ben, frame)).reply).to.include({ type: "ack", message: target });
    expect(chat.heard(mona)).to.have.length(heard);
  });
});
