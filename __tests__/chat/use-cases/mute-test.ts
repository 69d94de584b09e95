import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import { mute } from "../../../chat/use-cases/mute.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { typing } from "../../../chat/use-cases/typing.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, frameSender, LOBBY_AND_OPS } from "../../support/chat.ts";

const send = frameSender(mute, "mute");
const sendText = frameSender(sendMessage, "sendmessage");
const type = frameSender(typing, "typing");

async function aMutedBen(seconds = 60) {
  let now = NOON;
  const chat: Chat = aChat({ moderators: ["moderators"], now: () => now });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"] });
  const ben = await chat.enter({ user: "ben", groups: [], memberships: LOBBY_AND_OPS });
  const { reply } = await send(chat, mona, { channel: LOBBY, user: "ben", seconds });
  expect(reply).to.deep.equal({ type: "ack", request: "mute" });
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { chat, mona, ben, wait };
}

describe("chat/use-cases/mute", () => {
  it("refuses messages and typing in the channel, and states when the mute ends", async () => {
    const { chat, mona, ben } = await aMutedBen();
    const { refusal } = await sendText(chat, ben, { channel: LOBBY, data: "But" });
    expect(refusal).to.deep.equal({
      code: "muted",
      detail: 'You are muted in the channel "lobby" until 2026-07-01T12:01:00.000Z.',
    });
    expect((await type(chat, ben, { channel: LOBBY })).refusal?.code).to.equal("muted");
    expect(chat.received(mona)).to.deep.equal([]);
    expect(await chat.messages.read({ channel: LOBBY, limit: 1, latestFirst: true })).to.deep.equal([]);
  });

  it("mutes the user on all connections, later ones included, and in no other channel", async () => {
    const { chat, ben } = await aMutedBen();
    const other = await chat.enter({ user: "ben", groups: [] });
    expect((await sendText(chat, other, { channel: LOBBY, data: "But" })).refusal?.code).to.equal("muted");
    expect(await sendText(chat, ben, { channel: "ops", data: "Here I may." })).not.to.have.property("refusal");
  });

  it("notifies the user's connections in the channel when the mute starts and ends", async () => {
    const chat = aChat({ moderators: ["moderators"] });
    const own = { user: "ben", groups: [], protocol: "chat.v1" } as const;
    const mona = await chat.enter({ user: "mona", groups: ["moderators"], memberships: LOBBY_AND_OPS });
    const [here, elsewhere] = [await chat.enter({ ...own, memberships: LOBBY_AND_OPS }), await chat.enter(own)];
    const frame = { channel: "ops", user: "ben" };
    await send(chat, mona, { ...frame, seconds: 60 });
    await send(chat, mona, { ...frame, seconds: 0 });
    expect(chat.received(here)).to.deep.equal([
      { type: "muted", channel: "ops", by: "mona", until: "2026-07-01T12:01:00.000Z" },
      { type: "unmuted", channel: "ops", by: "mona" },
    ]);
    expect(chat.received(elsewhere)).to.deep.equal([]);
  });

  it("takes effect even if the user cannot be notified, and logs why", async () => {
    const chat = aChat({ moderators: ["moderators"] });
    const mona = await chat.enter({ user: "mona", groups: ["moderators"] });
    const ben = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
    const frame = { channel: LOBBY, user: "ben", seconds: 60 };
    chat.setPushOutcome(ben, async () => ({ failed: "ECONNRESET" }));
    const unpushed = await send(chat, mona, frame);
    const connectionsOf = () => Promise.reject(new Error("The table cannot be read."));
    const unread = await send({ ...chat, users: { ...chat.users, connectionsOf } }, mona, frame);
    expect(unpushed).to.deep.include({ facts: { unnotified: "ECONNRESET" } });
    expect(unread).to.deep.include({ facts: { unnotified: "Error: The table cannot be read." } });
    for (const { reply } of [unpushed, unread]) expect(reply).to.deep.equal({ type: "ack", request: "mute" });
    expect((await sendText(chat, ben, { channel: LOBBY, data: "But" })).refusal?.code).to.equal("muted");
  });

  it("expires, or is ended by a mute of 0 seconds", async () => {
    const { chat, mona, ben, wait } = await aMutedBen();
    wait(60_000);
    expect(await sendText(chat, ben, { channel: LOBBY, data: "At last." })).not.to.have.property("refusal");
    await send(chat, mona, { channel: LOBBY, user: "ben", seconds: 600 });
    await send(chat, mona, { channel: LOBBY, user: "ben", seconds: 0 });
    expect(await sendText(chat, ben, { channel: LOBBY, data: "Thank you." })).not.to.have.property("refusal");
  });

  it("refuses users who are not moderators, moderators who are not members of the channel, and unknown channels", async () => {
    const { chat, mona, ben } = await aMutedBen();
    const frame = { user: "mona", seconds: 60 };
    expect((await send(chat, ben, { ...frame, channel: LOBBY })).refusal?.code).to.equal("not-allowed");
    expect((await send(chat, mona, { ...frame, channel: "~ops" })).refusal?.code).to.equal("unknown-channel");
    await chat.channels.open("ops");
    expect((await send(chat, mona, { ...frame, channel: "ops" })).refusal?.code).to.equal("not-a-member");
  });
});
