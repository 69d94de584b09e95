import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import { mute } from "../../../chat/use-cases/mute.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { typing } from "../../../chat/use-cases/typing.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, LOBBY_AND_OPS } from "../../support/chat.ts";
import { saying } from "../../support/saying.ts";

const ask = saying(mute, "mute");
const say = saying(sendMessage, "sendmessage");
const type = saying(typing, "typing");

async function aMutedBen(seconds = 60) {
  let now = NOON;
  const chat: Chat = aChat({ moderators: ["moderators"], now: () => now });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"] });
  const ben = await chat.enter({ user: "ben", groups: [], memberships: LOBBY_AND_OPS });
  const { reply } = await ask(chat, mona, { channel: LOBBY, user: "ben", seconds });
  expect(reply).to.deep.equal({ type: "ack", request: "mute" });
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { chat, mona, ben, wait };
}

describe("chat/use-cases/mute", () => {
  it("has a user say and type nothing in the channel, and tells until when", async () => {
    const { chat, mona, ben } = await aMutedBen();
    const { refusal } = await say(chat, ben, { channel: LOBBY, data: "But" });
    expect(refusal).to.deep.equal({
      code: "muted",
      detail: 'You are muted in the channel "lobby" until 2026-07-01T12:01:00.000Z.',
    });
    expect((await type(chat, ben, { channel: LOBBY })).refusal?.code).to.equal("muted");
    expect(chat.heard(mona)).to.deep.equal([]);
    expect(await chat.messages.read({ channel: LOBBY, limit: 1, latestFirst: true })).to.deep.equal([]);
  });

  it("mutes the user by each connection, those to come too, and in no other channel", async () => {
    const { chat, ben } = await aMutedBen();
    const other = await chat.enter({ user: "ben", groups: [] });
    expect((await say(chat, other, { channel: LOBBY, data: "But" })).refusal?.code).to.equal("muted");
    expect(await say(chat, ben, { channel: "ops", data: "Here I may." })).not.to.have.property("refusal");
  });

  it("notifies the user's connections in the channel of its begin and of its end", async () => {
    const chat = aChat({ moderators: ["moderators"] });
    const own = { user: "ben", groups: [], protocol: "chat.v1" } as const;
    const mona = await chat.enter({ user: "mona", groups: ["moderators"], memberships: LOBBY_AND_OPS });
    const [here, elsewhere] = [await chat.enter({ ...own, memberships: LOBBY_AND_OPS }), await chat.enter(own)];
    const frame = { channel: "ops", user: "ben" };
    await ask(chat, mona, { ...frame, seconds: 60 });
    await ask(chat, mona, { ...frame, seconds: 0 });
    expect(chat.heard(here)).to.deep.equal([
      { type: "muted", channel: "ops", by: "mona", until: "2026-07-01T12:01:00.000Z" },
      { type: "unmuted", channel: "ops", by: "mona" },
    ]);
    expect(chat.heard(elsewhere)).to.deep.equal([]);
  });

  it("takes effect although the user cannot be notified, and logs why", async () => {
    const chat = aChat({ moderators: ["moderators"] });
    const mona = await chat.enter({ user: "mona", groups: ["moderators"] });
    const ben = await chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
    const frame = { channel: LOBBY, user: "ben", seconds: 60 };
    chat.answer(ben, async () => ({ failed: "ECONNRESET" }));
    const unpushed = await ask(chat, mona, frame);
    const connectionsOf = () => Promise.reject(new Error("The table cannot be read."));
    const unread = await ask({ ...chat, users: { ...chat.users, connectionsOf } }, mona, frame);
    expect(unpushed).to.deep.include({ facts: { unnotified: "ECONNRESET" } });
    expect(unread).to.deep.include({ facts: { unnotified: "Error: The table cannot be read." } });
    for (const { reply } of [unpushed, unread]) expect(reply).to.deep.equal({ type: "ack", request: "mute" });
    expect((await say(chat, ben, { channel: LOBBY, data: "But" })).refusal?.code).to.equal("muted");
  });

  it("ends by itself, or by a mute of no time", async () => {
    const { chat, mona, ben, wait } = await aMutedBen();
    wait(60_000);
    expect(await say(chat, ben, { channel: LOBBY, data: "At last." })).not.to.have.property("refusal");
    await ask(chat, mona, { channel: LOBBY, user: "ben", seconds: 600 });
    await ask(chat, mona, { channel: LOBBY, user: "ben", seconds: 0 });
    expect(await say(chat, ben, { channel: LOBBY, data: "Thank you." })).not.to.have.property("refusal");
  });

  it("refuses who does not moderate, and moderators where they are not themselves", async () => {
    const { chat, mona, ben } = await aMutedBen();
    const frame = { user: "mona", seconds: 60 };
    expect((await ask(chat, ben, { ...frame, channel: LOBBY })).refusal?.code).to.equal("not-allowed");
    expect((await ask(chat, mona, { ...frame, channel: "~ops" })).refusal?.code).to.equal("unknown-channel");
  });
});
