import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import { typing } from "../../../chat/use-cases/typing.ts";
import { aChat, frameSender } from "../../support/chat.ts";

const send = frameSender(typing, "typing");

describe("chat/use-cases/typing", () => {
  it("notifies the channel, sends no response and stores nothing", async () => {
    const chat = aChat();
    const [anna, ben] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter({ protocol: "chat.v1" })];
    expect(await send(chat, anna, { channel: LOBBY })).to.deep.equal({});
    expect(chat.received(ben)).to.deep.equal([{ type: "typing", channel: LOBBY, user: anna.user }]);
    expect(chat.received(anna)).to.deep.equal([]);
    expect(await chat.messages.read({ channel: LOBBY, limit: 1, latestFirst: true })).to.deep.equal([]);
  });

  it("refuses a user who is not a member", async () => {
    const chat = aChat();
    expect((await send(chat, await chat.enter(), { channel: "ops" })).refusal?.code).to.equal("unknown-channel");
  });
});
