import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import { tagOf } from "../../aws/runtime.ts";
import type { Connected } from "../../chat/connection.ts";
import { connect } from "../../chat/use-cases/connect.ts";
import { disconnect } from "../../chat/use-cases/disconnect.ts";
import { invite } from "../../chat/use-cases/invite.ts";
import { join } from "../../chat/use-cases/join.ts";
import { leave } from "../../chat/use-cases/leave.ts";
import { NOON } from "../support/builders.ts";
import { aChat, type Chat, frameSender } from "../support/chat.ts";
import { allMembers } from "../support/memory.ts";
import { SEED } from "../support/random.ts";
import { inconsistencies } from "../support/storm/consistency.ts";
import { interleaved } from "../support/storm/interleaved.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 150);

const PLANS = { channel: `~plans-${tagOf("anna")}`, shard: 0 };
const { channel } = PLANS;
const requests = {
  invite: frameSender(invite, "invite"),
  join: frameSender(join, "join"),
  leave: frameSender(leave, "leave"),
};

const handshakes = fc.integer({ min: 1, max: 3 });

/** A chat in which ben is in a private channel of anna, with one connection. */
async function aChatOfTwo() {
  const chat = aChat({ lastingMembership: true });
  const own = { groups: [], isLasting: true };
  const anna = await chat.enter({ ...own, user: "anna", memberships: [PLANS] });
  await chat.channels.open(channel);
  await chat.invitations.give(channel, "ben");
  const ben = await chat.enter({ ...own, user: "ben", memberships: [] });
  await requests.join(chat, ben, { channel });
  return { chat, anna, ben };
}

const connectBen = (chat: Chat, id: string) =>
  connect(chat, {
    ...{ connection: { id, connectedAt: NOON }, identity: { user: "ben", groups: [] } },
    ...{ subprotocols: ["chat.v1"], address: "192.0.2.1" },
  });

/** Ben opens connections, and some end again, while `act` runs. Returns the ids of the connections. */
async function reconnect(scheduler: Scheduler, slow: Chat, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `ben-${index}`);
  const each = async (id: string, index: number): Promise<void> => {
    await scheduler.schedule(Promise.resolve(), `${id} connects`);
    await connectBen(slow, id);
    if (index % 2 === 1) await disconnect({ ...slow, handOver: async () => undefined }, id);
  };
  await Promise.all(ids.map(each));
  return ids;
}

/** The users in the channel, also those that a new connection of ben adds, and every inconsistency. */
async function expectOnlyAnna(chat: Chat, connectionIds: readonly string[]): Promise<void> {
  await connectBen(chat, "later");
  expectNone(await inconsistencies(chat, { connectionIds: [...connectionIds, "later"], channels: [channel, "lobby"] }));
  expect((await allMembers(chat.members, PLANS)).map(({ user }) => user)).to.deep.equal(["anna"]);
}

describe(`lasting membership, while its user reconnects (FC_SEED=${SEED})`, () => {
  const check = (act: (slow: Chat, users: { anna: Connected; ben: Connected }) => Promise<unknown>) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), handshakes, async (scheduler, count) => {
        const { chat, anna, ben } = await aChatOfTwo();
        const slow = interleaved(scheduler, chat);
        const acting = scheduler.schedule(Promise.resolve(), "acts").then(() => act(slow, { anna, ben }));
        const [ids] = await scheduler.waitFor(Promise.all([reconnect(scheduler, slow, count), acting]));
        await expectOnlyAnna(chat, [ben.id, anna.id, ...ids]);
      }),
      { seed: SEED, numRuns: RUNS },
    );

  it("ends on all connections when the user leaves, with any interleaving", () =>
    check((slow, { ben }) => requests.leave(slow, ben, { channel })));

  it("ends on all connections when the invitation is revoked, with any interleaving", () =>
    check((slow, { anna }) => requests.invite(slow, anna, { channel, user: "ben", revoke: true })));

  it("matches the membership of the connection after overlapping frames that join and leave", async () => {
    const moves = fc.array(fc.constantFrom("join" as const, "leave" as const), { minLength: 2, maxLength: 4 });
    const property = fc.asyncProperty(fc.scheduler(), moves, async (scheduler, all) => {
      const { chat, ben } = await aChatOfTwo();
      const slow = interleaved(scheduler, chat);
      const sending = all.map((move) =>
        scheduler.schedule(Promise.resolve(), move).then(() => requests[move](slow, ben, { channel })),
      );
      await scheduler.waitFor(Promise.all(sending));
      const isIn = (await chat.stored(ben)).memberships.length > 0;
      expect(await chat.lastingChannels.remove("ben", [channel])).to.equal(isIn);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
