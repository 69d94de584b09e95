import { expect } from "chai";
import { join } from "../../handlers/join.ts";
import { aChat, OPS } from "../support/chat.ts";
import { everybody } from "../support/memory.ts";
import { saying } from "../support/saying.ts";

const ask = saying(join, "join");
const ack = { reply: { type: "ack", request: "join" } };

describe("handlers/join", () => {
  it("makes a member, and the channel if need be", async () => {
    const chat = aChat();
    const anna = await chat.enter();
    expect(await ask(chat, anna, { channel: "ops", id: "j-1" })).to.deep.equal({
      reply: { type: "ack", request: "join", id: "j-1" },
    });
    expect((await chat.stored(anna)).memberships).to.deep.include(OPS);
    expect((await everybody(chat.members, OPS)).map(({ id }) => id)).to.deep.equal([anna.id]);
    expect(await chat.channels.list({ limit: 10 })).to.deep.equal(["ops"]);
  });

  it("tells the others, and says nothing of a membership that is there already", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS] });
    const anna = await chat.enter({ user: "anna" });
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ack);
    expect(await ask(chat, anna, { channel: "ops" })).to.deep.equal(ack);
    expect(chat.heard(listener)).to.deep.equal([{ type: "joined", channel: "ops", user: "anna" }]);
  });

  it("refuses the fifty-first channel", async () => {
    const chat = aChat();
    const memberships = Array.from({ length: 50 }, (_, index) => ({ channel: `c${index}`, shard: 0 }));
    const anna = await chat.enter({ memberships });
    const { refusal } = await ask(chat, anna, { channel: "ops" });
    expect(refusal?.code).to.equal("too-many-channels");
    expect(await everybody(chat.members, OPS)).to.deep.equal([]);
    expect(await ask(chat, anna, { channel: "c7" })).to.deep.equal(ack);
  });
});
