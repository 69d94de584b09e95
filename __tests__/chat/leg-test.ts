import { expect } from "chai";
import { LOBBY, LOBBY_SHARD as lobby } from "../../chat/channel.ts";
import type { Recipient } from "../../chat/delivery.ts";
import { type FanOutPorts, fanOut } from "../../chat/fan-out.ts";
import { messageFrame } from "../../chat/message.ts";
import { aMessage, NOON } from "../support/builders.ts";
import { aChat, type Chat, gone } from "../support/chat.ts";

const frame = messageFrame(aMessage({ data: "hi" }));
const say = (ports: FanOutPorts, deadline = Number.POSITIVE_INFINITY) =>
  fanOut(ports, { channel: LOBBY, frame, deadline });

const enterMany = (chat: Chat, count: number) => Promise.all(Array.from({ length: count }, () => chat.enter()));
const recipientOf = ({ id, connectedAt, protocol }: Recipient) => ({ id, connectedAt, protocol });
const failing = async () => ({ failed: "500" });

describe("chat/leg", () => {
  it("holds no more than a thousand to try again: the rest of the audience is another function's, too", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 1700);
    for (const member of audience) chat.answer(member, failing);
    expect((await say(chat)).failed).to.equal(1000);
    const [rest, ...lists] = chat.tasks;
    expect(lists.map(({ recipients = [] }) => recipients.length)).to.deep.equal([500, 500]);
    expect(rest).to.deep.equal({ frame, shard: lobby, shards: 1, after: lists[1]?.recipients?.at(-1)?.id });
  });

  it("hands over those who are left before it says farewell to those who are gone", async () => {
    const chat = aChat();
    const [listener, ghost, unlucky] = [
      await chat.enter({ protocol: "chat.v1" }),
      await chat.enter(),
      await chat.enter(),
    ];
    chat.answer(ghost, gone);
    chat.answer(unlucky, failing);
    const handOver = async () => void expect(chat.heard(listener)).to.deep.equal([frame]);
    await say({ ...chat, handOver });
    expect(chat.heard(listener)).to.have.length(2);
  });

  it("says no farewell once its time is over", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const [listener, ghost] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    chat.answer(ghost, async () => {
      now += 15_000;
      return "gone";
    });
    expect(await say(chat, NOON + 25_000)).to.deep.include({ delivered: 1, gone: 1 });
    expect(chat.heard(listener)).to.deep.equal([frame]);
    expect(await chat.connections.get(ghost.id)).to.equal(undefined);
  });

  it("leaves whom it has no time for, and time to be rid of a push that hangs", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const push = async () => {
      now += 8_000;
      return { failed: "UND_ERR_HEADERS_TIMEOUT" };
    };
    const [member] = await enterMany(chat, 1);
    await say({ ...chat, push }, NOON + 22_000);
    expect(now).to.be.at.most(NOON + 20_000);
    expect(chat.tasks).to.deep.equal([
      { frame, shard: lobby, shards: 1, recipients: [recipientOf(member as Recipient)] },
    ]);
  });
});
