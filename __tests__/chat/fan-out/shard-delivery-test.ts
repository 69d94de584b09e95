import { expect } from "chai";
import { LOBBY_SHARD as lobby } from "../../../chat/channel.ts";
import type { Recipient } from "../../../chat/connection.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, enterMany, failing, LOBBY_FRAME as frame, gone, sendToLobby } from "../../support/chat.ts";

/** A recipient in a task. */
const recipientOf = ({ id, connectedAt, protocol }: Recipient) => ({ id, connectedAt, protocol });

describe("chat/fan-out/shard-delivery", () => {
  it("stops reading at a thousand undelivered recipients, and hands over the rest", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 1700);
    for (const member of audience) chat.setPushOutcome(member, failing);
    expect((await sendToLobby(chat)).handedOver).to.equal(1000);
    const [rest, ...lists] = chat.tasks;
    expect(lists.map(({ recipients = [] }) => recipients.length)).to.deep.equal([500, 500]);
    expect(rest).to.deep.equal({ frame, shard: lobby, shards: 1, after: lists[1]?.recipients?.at(-1)?.id, hops: 1 });
  });

  it("hands over remaining recipients before it sends departures", async () => {
    const chat = aChat();
    const [listener, goneMember, unreachable] = [
      await chat.enter({ protocol: "chat.v1" }),
      await chat.enter(),
      await chat.enter(),
    ];
    chat.setPushOutcome(goneMember, gone);
    chat.setPushOutcome(unreachable, failing);
    const handOver = async () => void expect(chat.received(listener)).to.deep.equal([frame]);
    await sendToLobby({ ...chat, handOver });
    expect(chat.received(listener)).to.have.length(2);
  });

  it("sends no departure after its deadline", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const [listener, goneMember] = [await chat.enter({ protocol: "chat.v1" }), await chat.enter()];
    chat.setPushOutcome(goneMember, async () => {
      now += 15_000;
      return "gone";
    });
    expect(await sendToLobby(chat, NOON + 25_000)).to.deep.include({ delivered: 1, gone: 1 });
    expect(chat.received(listener)).to.deep.equal([frame]);
    expect(await chat.connections.get(goneMember.id)).to.equal(undefined);
  });

  it("hands over recipients without time left, and reserves time for a push that hangs", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    const push = async () => {
      now += 8_000;
      return { failed: "UND_ERR_HEADERS_TIMEOUT" };
    };
    const [member] = await enterMany(chat, 1);
    await sendToLobby({ ...chat, push }, NOON + 22_000);
    expect(now).to.be.at.most(NOON + 20_000);
    expect(chat.tasks).to.deep.equal([
      { frame, shard: lobby, shards: 1, recipients: [recipientOf(member as Recipient)], hops: 1 },
    ]);
  });
});
