import { expect } from "chai";
import { LOBBY_SHARD as lobby } from "../../chat/channel.ts";
import { fanOut } from "../../chat/fan-out.ts";
import { messageFrame } from "../../chat/message.ts";
import type { PushOutcome } from "../../chat/ports.ts";
import { aConnection, aMessage, NOON } from "../support/builders.ts";
import { aChat, type Chat, gone } from "../support/chat.ts";

const message = aMessage({ data: "hi" });
const delivery = { shard: lobby, frame: messageFrame(message) };

const enterMany = (chat: Chat, count: number) => Promise.all(Array.from({ length: count }, () => chat.enter()));

describe("chat/fan-out", () => {
  it("delivers the frame to every member once and counts them", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 100);

    const { tally, departed } = await fanOut(chat, delivery);

    expect(tally).to.deep.equal({ delivered: 100, gone: 0, failed: 0, faults: [] });
    expect(departed).to.deep.equal([]);
    for (const member of audience) expect(chat.heard(member)).to.deep.equal(["hi"]);
  });

  it("gives everybody the form of their protocol", async () => {
    const chat = aChat();
    const [plain, json] = [await chat.enter(), await chat.enter({ protocol: "chat.v1" })];
    await fanOut(chat, delivery);
    expect(chat.heard(plain)).to.deep.equal(["hi"]);
    expect(chat.heard(json)).to.deep.equal([messageFrame(message)]);
  });

  it("tells nothing to whoever has no form for it", async () => {
    const chat = aChat();
    const plain = await chat.enter();
    const { tally } = await fanOut(chat, { shard: lobby, frame: { type: "typing", channel: "lobby", user: "anna" } });
    expect(chat.heard(plain)).to.deep.equal([]);
    expect(tally.delivered).to.equal(0);
  });

  it("removes a connection that is gone, from the channel and from the table, and says so", async () => {
    const chat = aChat();
    const [, left] = [await chat.enter(), await chat.enter()];
    chat.answer(left, gone);

    const { tally, departed } = await fanOut(chat, delivery);

    expect(tally).to.deep.include({ delivered: 1, gone: 1 });
    expect(departed).to.deep.equal([left]);
    expect(chat.size()).to.equal(2);
  });

  it("removes a gone member whose connection the table no longer knows", async () => {
    const chat = aChat();
    const orphan = await chat.enter();
    chat.answer(orphan, gone);
    await chat.connections.remove(orphan.id);

    expect((await fanOut(chat, delivery)).departed).to.deep.equal([]);
    expect(chat.size()).to.equal(0);
  });

  it("keeps a connection that answers 410 because its handshake is still pending", async () => {
    const chat = aChat();
    chat.answer(await chat.enter({ connectedAt: NOON - 1000 }), gone);

    const { tally, departed } = await fanOut(chat, delivery);

    expect([tally.gone, departed]).to.deep.equal([1, []]);
    expect(chat.size()).to.equal(2);
  });

  it("serves everybody else when single pushes fail, and names each fault once", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 50);
    const throttled = async (): Promise<PushOutcome> => {
      throw Object.assign(new Error("Slow down"), { name: "LimitExceededException" });
    };
    for (const member of audience.slice(0, 20)) chat.answer(member, throttled);

    const { tally } = await fanOut(chat, delivery);

    expect(tally).to.deep.equal({ delivered: 30, gone: 0, failed: 20, faults: ["LimitExceededException"] });
    expect(chat.size()).to.equal(100);
  });

  it("counts a gone connection that could not be removed as failed, and goes on", async () => {
    const chat = aChat();
    chat.answer(await chat.enter(), gone);
    await chat.enter();
    const remove = (): Promise<never> => Promise.reject("the table is away");

    const { tally } = await fanOut({ ...chat, members: { ...chat.members, remove } }, delivery);

    expect(tally).to.deep.equal({ delivered: 1, gone: 0, failed: 1, faults: ["the table is away"] });
  });

  it("has a bounded number of pushes under way, and only one page", async () => {
    const page = Array.from({ length: 200 }, () => aConnection());
    let underWay = 0;
    let most = 0;
    const chat = aChat();
    const members = {
      ...chat.members,
      async *pages() {
        for (let pages = 0; pages < 3; pages += 1) {
          expect(underWay).to.equal(0);
          yield page;
        }
      },
    };
    const push = async (): Promise<PushOutcome> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return "delivered";
    };

    const { tally } = await fanOut({ ...chat, members, push }, delivery);

    expect(tally.delivered).to.equal(600);
    expect(most).to.equal(32);
  });
});
