import { expect } from "chai";
import { pairOf } from "../../../aws/table/keys.ts";
import { conversations } from "../../../chat/use-cases/conversations.ts";
import { aChat, frameSender } from "../../support/chat.ts";

const send = frameSender(conversations, "conversations");

const ULID = "01M85X21JF1EDDXY0AX7YRAJ1S";

describe("chat/use-cases/conversations", () => {
  it("lists the conversations of the user with the latest message of each, and marks those with backends", async () => {
    const chat = aChat({ directConversations: true });
    const anna = await chat.enter({ user: "anna", groups: [] });
    const others = [{ name: "ben" }, { name: "ben", publisher: true as const }];
    for (const other of others) {
      await chat.conversations.record("anna", { pair: pairOf("anna", other), other, last: ULID });
    }
    await chat.conversations.record("carol", {
      pair: pairOf("carol", { name: "ben" }),
      other: { name: "ben" },
      last: ULID,
    });
    const { reply } = await send(chat, anna, { id: "c-1" });
    expect(reply).to.deep.include({ type: "conversations", id: "c-1" }).and.not.have.property("cursor");
    expect(reply)
      .to.have.property("conversations")
      .with.deep.members([
        { direct: "ben", last: ULID },
        { direct: "ben", publisher: true, last: ULID },
      ]);
  });

  it("returns a page of fifty, and a cursor to the next page", async () => {
    const chat = aChat({ directConversations: true });
    const anna = await chat.enter({ user: "anna", groups: [] });
    for (let index = 0; index < 51; index += 1) {
      const other = { name: `user-${index}` };
      await chat.conversations.record("anna", { pair: pairOf("anna", other), other, last: ULID });
    }
    const { reply } = await send(chat, anna, {});
    const { conversations: first, cursor } = reply as { conversations: object[]; cursor: string };
    const { reply: rest } = await send(chat, anna, { cursor });
    expect([first.length, rest]).to.deep.include(50).and.to.have.nested.property("[1].conversations").with.length(1);
    expect(rest).not.to.have.property("cursor");
  });

  it("refuses guests", async () => {
    const chat = aChat();
    expect((await send(chat, await chat.enter(), {})).refusal?.code).to.equal("not-allowed");
  });
});
