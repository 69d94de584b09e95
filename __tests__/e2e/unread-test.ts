import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { answerTo, type SignedInChat, startSignedInChat, unreadFrames } from "../support/signed-in-chat.ts";

const channel = "ops";

describe("a user who was away", () => {
  let chat: SignedInChat;
  let ben: Client;
  before(async () => {
    chat = await startSignedInChat({
      ...{ unreadCounts: true, ownMessageMinutes: 15, directConversations: true, readReceipts: true },
    });
    ben = await enter("ben");
  });
  after(async () => {
    await ben.close();
    await chat.stop();
  });

  const enter = async (user: string): Promise<Client> => {
    const client = await chat.enter(user);
    await answerTo(client, { message: "join", channel });
    return client;
  };
  const send = async (data: string): Promise<unknown> =>
    (await answerTo(ben, { message: "sendmessage", channel, data })).message;
  const counts = async (client: Client) => (await answerTo(client, { message: "unread" })).counts;

  it("gets the number of unread messages on return, and edited and deleted messages as they are now", async () => {
    const anna = await enter("anna");
    const seen = await send("The train leaves at nien.");
    const deletedLater = await send("Bring the wrong map.");
    expect(await answerTo(anna, { message: "read", channel, target: deletedLater })).to.include({ type: "ack" });
    await anna.close();
    const missed = await send("Bring teh map.");
    const gone = await send("Or not.");
    await send("See you there.");
    for (const [target, data] of [
      [seen, "The train leaves at nine."],
      [missed, "Bring the map."],
    ])
      await answerTo(ben, { message: "edit", channel, target, data });
    for (const target of [deletedLater, gone]) await answerTo(ben, { message: "delete", channel, target });

    const back = await enter("anna");
    expect(await counts(back)).to.deep.equal([
      { channel: "lobby", count: 0 },
      { channel, count: 2, read: deletedLater },
    ]);
    const page = await answerTo(back, { message: "history", channel, after: deletedLater });
    const texts = (page.messages as { data: string; deleted?: true }[]).map(({ data, deleted }) => deleted ?? data);
    expect(texts).to.deep.equal(["Bring the map.", true, "See you there."]);
    expect(page.edits).to.have.length(2);
    expect((page.edits as object[])[0]).to.include({ id: seen, data: "The train leaves at nine." });
    expect((page.changes as object[]).map((change) => "id" in change && change.id)).to.deep.equal([deletedLater, gone]);
    await back.close();
  });

  it("finds unread direct messages on return, and the senders get receipts", async () => {
    await (await enter("dora")).close();
    const sent = (await answerTo(ben, { message: "direct", to: "dora", data: "Lunch?" })).message;
    const [phone, laptop] = [await enter("dora"), await enter("dora")];
    const { conversations } = await answerTo(phone, { message: "conversations" });
    const { conversations: counted } = await answerTo(phone, { message: "unread", conversations });
    expect(counted).to.deep.equal([{ direct: "ben", count: 1 }]);
    await unreadFrames(ben);
    await answerTo(phone, { message: "read", direct: "ben", target: sent });
    expect(await unreadFrames(ben)).to.deep.equal([{ type: "receipt", direct: "dora", id: sent }]);
    expect(await unreadFrames(laptop)).to.deep.include({ type: "read", direct: "ben", id: sent });
    expect(await answerTo(ben, { message: "history", direct: "dora" })).to.include({ receipt: sent });
    expect(await answerTo(laptop, { message: "unread", conversations })).to.deep.include({
      conversations: [{ direct: "ben", count: 0, read: sent }],
    });
    for (const client of [phone, laptop]) await client.close();
  });

  it("sees on each device what was read on another one", async () => {
    const [phone, laptop] = [await enter("clara"), await enter("clara")];
    const id = await send("Is it up?");
    await unreadFrames(laptop);
    await answerTo(phone, { message: "read", channel, target: id });
    expect(await unreadFrames(laptop)).to.deep.equal([{ type: "read", channel, id }]);
    expect(await counts(laptop)).to.deep.include({ channel, count: 0, read: id });
    for (const client of [phone, laptop]) await client.close();
  });
});
