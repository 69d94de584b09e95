import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import type { Connected } from "../../../chat/connection.ts";
import { members } from "../../../chat/use-cases/members.ts";
import { aChat, frameSender } from "../../support/chat.ts";

const send = frameSender(members, "members");

describe("chat/use-cases/members", () => {
  it("returns each user once", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna" });
    await chat.enter({ user: "ben" });
    await chat.enter({ user: "anna" });
    const { reply } = await send(chat, anna, { channel: LOBBY, id: "m-1" });
    expect(reply).to.deep.equal({ type: "members", id: "m-1", channel: LOBBY, members: ["anna", "ben"] });
  });

  it("returns a page of a hundred, and a cursor to the next page", async () => {
    const chat = aChat();
    const [anna] = [await chat.enter()];
    for (let count = 1; count < 130; count += 1) await chat.enter();
    const { reply } = await send(chat, anna, { channel: LOBBY });
    const { members: first, cursor } = reply as { members: string[]; cursor: string };
    const { reply: last } = await send(chat, anna, { channel: LOBBY, cursor });
    expect(first).to.have.length(100);
    expect(last).to.have.property("members").with.length(30);
    expect(last).not.to.have.property("cursor");
  });

  it("continues up to the shard of the sender, even if the number of shards is lost", async () => {
    const chat = aChat();
    const there = [];
    for (const shard of [0, 3]) there.push(await chat.enter({ memberships: [{ channel: LOBBY, shard }] }));
    const [first, anna] = there as [Connected, Connected];
    const users: string[] = [];
    for (let cursor: string | undefined = "0."; cursor !== undefined; ) {
      const { reply } = await send(chat, anna, { channel: LOBBY, cursor });
      const page = reply as { members: string[]; cursor?: string };
      users.push(...page.members);
      cursor = page.cursor;
    }
    expect(users).to.deep.equal([first.user, anna.user]);
  });

  it("returns an empty page after the last one", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    const { reply } = await send(chat, anna, { channel: LOBBY, cursor: "0.~" });
    expect(reply).to.deep.equal({ type: "members", channel: LOBBY, members: [] });
  });

  it("refuses a user who is not a member", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    expect((await send(chat, anna, { channel: "ops" })).refusal?.code).to.equal("unknown-channel");
  });
});
