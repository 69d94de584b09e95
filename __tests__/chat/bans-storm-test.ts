import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { ban } from "../../chat/use-cases/ban.ts";
import { connect } from "../../chat/use-cases/connect.ts";
import { NOON } from "../support/builders.ts";
import { aChat, type Chat, frameSender } from "../support/chat.ts";
import { allMembers } from "../support/memory.ts";
import { SEED } from "../support/random.ts";
import { interleaved } from "../support/storm/interleaved.ts";

const RUNS = Number(process.env.FC_RUNS ?? 500);

const requestBan = frameSender(ban, "ban");

const handshakeOf = (id: string) => ({
  connection: { id, connectedAt: NOON },
  identity: { user: "ben", groups: [] },
  subprotocols: ["chat.v1"],
  address: "192.0.2.1",
});

/** A moderator bans a user while several handshakes of the user are pending. */
async function play(scheduler: Scheduler, handshakes: number): Promise<{ chat: Chat; admitted: string[] }> {
  const chat = aChat({ authentication: "jwt", moderators: ["moderators"] });
  const mona = await chat.enter({ user: "mona", groups: ["moderators"] });
  const slow = interleaved(scheduler, chat);
  const admitted: string[] = [];
  const connecting = Array.from({ length: handshakes }, async (_, index) => {
    const id = `ben-${index}`;
    const { refused } = await connect(slow, handshakeOf(id));
    if (!refused) admitted.push(id);
  });
  const banning = scheduler
    .schedule(Promise.resolve(), "mona bans ben")
    .then(() => requestBan(slow, mona, { user: "ben" }));
  await scheduler.waitFor(Promise.all([banning, ...connecting]));
  return { chat, admitted };
}

describe(`a ban (FC_SEED=${SEED})`, () => {
  it("removes all connections of the user, and closes each accepted one, in any order", async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, handshakes) => {
      const { chat, admitted } = await play(scheduler, handshakes);
      expect((await allMembers(chat.members, LOBBY_SHARD)).map(({ user }) => user)).to.deep.equal(["mona"]);
      expect(await chat.users.connectionsOf("ben")).to.deep.equal([]);
      for (const id of admitted) expect(await chat.connections.get(id)).to.equal(undefined);
      expect(chat.closed).to.include.members(admitted);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
