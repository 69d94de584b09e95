import { expect } from "chai";
import { LOBBY_SHARD as shard } from "../../chat/channel.ts";
import { messageFrame } from "../../chat/message.ts";
import { work } from "../../handlers/fan-out.ts";
import { aMessage } from "../support/builders.ts";
import { aChat } from "../support/chat.ts";

describe("handlers/fan-out", () => {
  it("delivers what it is left, and says for the log of which shard", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const task = { frame: messageFrame(aMessage({ data: "hi" })), shard, shards: 1 };
    expect(await work(chat, { task, deadline: Number.POSITIVE_INFINITY })).to.deep.equal({
      channel: "lobby",
      shard: 0,
      tally: { delivered: 1, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0, faults: [] },
    });
    expect(chat.heard(anna)).to.deep.equal(["hi"]);
  });
});
