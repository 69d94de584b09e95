import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import { tagOf } from "../../aws/runtime.ts";
import type { Connected } from "../../chat/connection.ts";
import { invite } from "../../chat/use-cases/invite.ts";
import { join } from "../../chat/use-cases/join.ts";
import { aChat, type Chat, frameSender } from "../support/chat.ts";
import { allMembers } from "../support/memory.ts";
import { SEED } from "../support/random.ts";
import { interleaved } from "../support/storm/interleaved.ts";

const RUNS = Number(process.env.FC_RUNS ?? 500);

const PLANS = { channel: `~plans-${tagOf("anna")}`, shard: 0 };
const { channel } = PLANS;
const requestInvite = frameSender(invite, "invite");
const requestJoin = frameSender(join, "join");

/** Ben joins repeatedly with several connections while anna revokes the invitation. */
async function play(scheduler: Scheduler, joins: readonly number[]): Promise<Chat> {
  const chat = aChat();
  const own = { groups: [], memberships: [] };
  const anna = await chat.enter({ ...own, user: "anna", memberships: [PLANS] });
  const bens = await Promise.all(joins.map(() => chat.enter({ ...own, user: "ben" })));
  await chat.invitations.give(channel, "ben");
  const slow = interleaved(scheduler, chat);
  const joinTimes = async (ben: Connected, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await requestJoin(slow, ben, { channel });
  };
  const revoking = scheduler
    .schedule(Promise.resolve(), "anna revokes the invitation")
    .then(() => requestInvite(slow, anna, { channel, user: "ben", revoke: true }));
  await scheduler.waitFor(Promise.all([revoking, ...bens.map((ben, index) => joinTimes(ben, joins[index] as number))]));
  return chat;
}

describe(`a revoked invitation (FC_SEED=${SEED})`, () => {
  it("leaves no member in the channel, with any interleaving", async () => {
    const joins = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(fc.scheduler(), joins, async (scheduler, joinsOfBen) => {
      const chat = await play(scheduler, joinsOfBen);
      expect((await allMembers(chat.members, PLANS)).map(({ user }) => user)).to.deep.equal(["anna"]);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
