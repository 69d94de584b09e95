import { expect } from "chai";
import { renameMembers } from "../../../chat/presence/memberships.ts";
import { aChat, LOBBY_AND_OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";

describe("chat/presence/memberships, when a user is renamed", () => {
  it("ends with the name of the connection if another one is chosen in the meantime", async () => {
    const chat = aChat();
    const before = await chat.enter({ memberships: LOBBY_AND_OPS });
    await chat.connections.rename(before.id, "anna");
    await chat.connections.rename(before.id, "anne");
    await renameMembers(chat, { ...before, user: "anne" });
    await renameMembers(chat, { ...before, user: "anna" });
    for (const shard of LOBBY_AND_OPS) expect((await allMembers(chat.members, shard))[0]?.user).to.equal("anne");
  });

  it("adds no member if the connection ends in the meantime", async () => {
    const chat = aChat();
    const before = await chat.enter();
    await chat.connections.remove(before.id);
    for (const shard of before.memberships) await chat.members.remove(shard, before.id);
    await renameMembers(chat, { ...before, user: "anna" });
    expect(chat.size()).to.equal(0);
  });
});
