import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import type { ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import { deleteMessage } from "../../../chat/use-cases/delete.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { aMessage } from "../../support/builders.ts";
import { aChat, type Chat, frameSender } from "../../support/chat.ts";

const send = frameSender(deleteMessage, "delete");
const read = frameSender(history, "history");
const sendText = frameSender(sendMessage, "sendmessage");

async function aModeratedChat() {
  const chat = aChat({ moderators: ["moderators"] });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"], protocol: "chat.v1" });
  const ben = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
  const message = aMessage({ id: chat.newMessageId(), from: "ben", data: "Buy my pills!" });
  await chat.messages.store(message);
  return { chat, mona, ben, message };
}

describe("chat/use-cases/delete", () => {
  it("deletes the text, records the deletion, and notifies all members", async () => {
    const { chat, mona, ben, message } = await aModeratedChat();
    const { reply } = await send(chat, mona, { channel: LOBBY, target: message.id });
    expect(reply).to.deep.equal({ type: "ack", request: "delete" });
    const received = chat.received(ben);
    expect(received).to.have.length(1);
    const [frame] = received as [ServerFrameOf<"deleted">];
    expect(frame).to.deep.include({ type: "deleted", channel: LOBBY, id: message.id, by: "mona" });
    expect(frame.change > message.id).to.equal(true);
    const { reply: latest } = await read(chat, ben, { channel: LOBBY, limit: 1 });
    expect(latest)
      .to.have.property("messages")
      .with.nested.property("[0]")
      .that.include({ from: "ben", data: "", deleted: true });
    const { reply: missed } = await read(chat, ben, { channel: LOBBY, limit: 1, after: message.id });
    expect(missed).to.deep.equal({ type: "history", channel: LOBBY, messages: [], changes: [frame] });
  });

  it("cannot delete the record of a deletion", async () => {
    const { chat, mona, ben, message } = await aModeratedChat();
    await send(chat, mona, { channel: LOBBY, target: message.id });
    const [{ change }] = chat.received(ben) as [ServerFrameOf<"deleted">];
    expect((await send(chat, mona, { channel: LOBBY, target: change })).refusal?.code).to.equal("unknown-message");
    expect((await read(chat, ben, { channel: LOBBY, limit: 50 })).reply)
      .to.have.property("messages")
      .with.length(1);
  });

  for (const port of ["delete", "record"] as const) {
    for (const way of ["has no effect", "takes effect"] as const) {
      it(`is completed by a repeat if the function breaks when messages.${port} ${way}`, async () => {
        const { chat, mona, ben, message } = await aModeratedChat();
        const broken = async (given: never) => {
          if (way === "takes effect") await chat.messages[port](given);
          throw new Error("The function broke.");
        };
        const breaking: Chat = { ...chat, messages: { ...chat.messages, [port]: broken } };
        const fault = await send(breaking, mona, { channel: LOBBY, target: message.id }).catch((reason) => reason);
        expect(fault).to.be.an("error");
        // Meanwhile, another client reads everything that is stored so far.
        const after = chat.newMessageId();
        expect((await send(chat, mona, { channel: LOBBY, target: message.id })).reply).to.include({ type: "ack" });
        const { reply } = await read(chat, ben, { channel: LOBBY, limit: 50, after });
        expect(reply).to.have.property("changes").with.length(1);
        expect(reply).to.have.nested.property("changes[0].id", message.id);
      });
    }
  }

  it("does not notify clients without the subprotocol, which received the message as bare text", async () => {
    const { chat, mona, message } = await aModeratedChat();
    const plain = await chat.enter({ user: "eve", groups: [] });
    await send(chat, mona, { channel: LOBBY, target: message.id });
    expect(chat.received(plain)).to.deep.equal([]);
  });

  it("refuses the id of a message that does not exist", async () => {
    const { chat, mona } = await aModeratedChat();
    const { refusal } = await send(chat, mona, { channel: LOBBY, target: "0".repeat(26) });
    expect(refusal?.code).to.equal("unknown-message");
  });

  it("refuses users who are not moderators, moderators who are not members of the channel, and unknown channels", async () => {
    const { chat, mona, ben, message } = await aModeratedChat();
    expect((await send(chat, ben, { channel: LOBBY, target: message.id })).refusal?.code).to.equal("not-allowed");
    expect((await send(chat, mona, { channel: "~ops", target: message.id })).refusal?.code).to.equal("unknown-channel");
    await chat.channels.open("ops");
    expect((await send(chat, mona, { channel: "ops", target: message.id })).refusal?.code).to.equal("not-a-member");
  });

  it("is not undone if the sender repeats the message, which is not delivered", async () => {
    const { chat, mona, ben } = await aModeratedChat();
    const frame = { channel: LOBBY, data: "Buy my pills!", id: "c-1" };
    const dying: Chat = { ...chat, repeats: { ...chat.repeats, settle: async () => undefined } };
    const { reply } = await sendText(dying, ben, frame);
    const target = String((reply as { message?: string }).message);
    await send(chat, mona, { channel: LOBBY, target });
    const received = chat.received(mona).length;
    expect((await sendText(chat, ben, frame)).reply).to.include({ type: "ack", message: target });
    expect(chat.received(mona)).to.have.length(received);
  });
});
