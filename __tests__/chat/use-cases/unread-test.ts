import { expect } from "chai";
import { ulid } from "ulid";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import { unread } from "../../../chat/use-cases/unread.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { aChat, frameSender, LOBBY_AND_OPS } from "../../support/chat.ts";

const send = frameSender(unread, "unread");
const own = { user: "anna", groups: [], memberships: LOBBY_AND_OPS } as const;
const [first, second] = [ulid(NOON - 2), ulid(NOON - 1)];

describe("chat/use-cases/unread", () => {
  it("counts the messages after the marker of each channel, or all messages without a marker", async () => {
    const chat = aChat();
    const anna = await chat.enter(own);
    for (const channel of [LOBBY, "ops"])
      for (const id of [first, second]) await chat.messages.store(aMessage({ id, channel, from: "ben" }));
    await chat.readMarkers.advance({ user: "anna", channel: "ops", id: first });
    const { reply } = await send(chat, anna, { id: "c-1" });
    expect(reply).to.deep.equal({
      type: "unread",
      id: "c-1",
      counts: [
        { channel: LOBBY, count: 2 },
        { channel: "ops", count: 1, read: first },
      ],
    });
  });

  it("counts each given channel once", async () => {
    const chat = aChat();
    const anna = await chat.enter(own);
    const { reply } = await send(chat, anna, { channels: ["ops", "ops"] });
    expect(reply).to.deep.equal({ type: "unread", counts: [{ channel: "ops", count: 0 }] });
  });

  it("counts conversations instead of channels, with receipts if the setting is on", async () => {
    const chat = aChat({ directConversations: true, readReceipts: true });
    const anna = await chat.enter(own);
    const log = (publisher?: true) => conversationLog(chat.pairOf("anna", { name: "ben", publisher }));
    for (const [id, from] of [
      [first, "ben"],
      [second, "anna"],
    ] as const)
      await chat.messages.store(aMessage({ id, channel: log(), from }));
    await chat.messages.store(aMessage({ id: first, channel: log(true), from: "ben", publisher: true }));
    await chat.readMarkers.advance({ user: "ben", channel: log(), id: second });
    await chat.readMarkers.advance({ user: "anna", channel: log(true), id: first });
    const conversations = [{ direct: "ben" }, { direct: "ben", publisher: true }];
    const counted = async (own: object) => {
      const { reply } = await send({ ...chat, ...own }, anna, { conversations });
      expect(reply).to.deep.include({ type: "unread", counts: [] });
      return reply?.type === "unread" ? reply.conversations : undefined;
    };
    expect(await counted({})).to.deep.equal([
      { direct: "ben", count: 1, receipt: second },
      { direct: "ben", publisher: true, count: 0, read: first },
    ]);
    expect((await counted({ readReceipts: false }))?.[0]).to.deep.equal({ direct: "ben", count: 1 });
    const refused = await send({ ...chat, directConversations: false }, anna, { conversations });
    expect(refused.refusal?.code).to.equal("not-allowed");
  });

  it("refuses users who are not members of a channel, and reveals no private channel", async () => {
    const chat = aChat();
    const anna = await chat.enter(own);
    await chat.channels.open("dev");
    expect((await send(chat, anna, { channels: ["ops", "dev"] })).refusal?.code).to.equal("not-a-member");
    expect((await send(chat, anna, { channels: ["~dev"] })).refusal?.code).to.equal("unknown-channel");
  });
});
