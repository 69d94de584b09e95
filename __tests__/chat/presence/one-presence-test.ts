import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import sinon from "sinon";
import type { Connected } from "../../../chat/connection.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";

import { aChat, type Chat, OPS } from "../../support/chat.ts";
import { allMembers } from "../../support/memory.ts";
import { SEED } from "../../support/random.ts";
import { interleaved } from "../../support/storm/interleaved.ts";

const RUNS = Number(process.env.FC_RUNS ?? 1_000);

type Action = "join" | "leave" | "disconnect";

/** A connection that joins and leaves the channel alternately, and may then disconnect. */
interface Participant {
  readonly isIn: boolean;
  readonly moves: number;
  readonly disconnects: boolean;
}

const participant = fc.record({ isIn: fc.boolean(), moves: fc.integer({ min: 1, max: 2 }), disconnects: fc.boolean() });

const actionsOf = ({ isIn, moves, disconnects }: Participant): Action[] => [
  ...Array.from({ length: moves }, (_, index): Action => (isIn === (index % 2 === 0) ? "leave" : "join")),
  ...(disconnects ? (["disconnect"] as const) : []),
];

/** Performs the actions of a connection in order, each with the connection as it is stored at that time. */
async function play(chat: Chat, connection: Connected, actions: readonly Action[]): Promise<void> {
  const frame = { channel: OPS.channel };
  for (const action of actions) {
    const connected = await chat.connections.get(connection.id);
    if (!connected) return;
    const request = { connected, frame, receivedAt: 0, deadline: Number.POSITIVE_INFINITY };
    if (action === "join") await join(chat, { ...request, route: "join" });
    if (action === "leave") await leave(chat, { ...request, route: "leave" });
    if (action === "disconnect") await disconnect(chat, connection.id);
  }
}

/** Runs anna's connections concurrently. Returns the notices about her to the channel, and whether she is a member at the end. */
async function playAll(scheduler: Scheduler, participants: readonly Participant[]) {
  let moment = 0;
  const chat = aChat({ now: () => moment++ });
  const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS], connectedAt: 0 });
  const own = { user: "anna", groups: [], connectedAt: 0 };
  const connections = await Promise.all(
    participants.map(({ isIn }) => chat.enter({ ...own, memberships: isIn ? [OPS] : [] })),
  );
  const slow = interleaved(scheduler, chat);
  const all = participants.map((each, index) => play(slow, connections[index] as Connected, actionsOf(each)));
  await scheduler.waitFor(Promise.all(all));
  const isMember = (await allMembers(chat.members, OPS)).some(({ user }) => user === "anna");
  return { isMember, notices: (chat.received(listener) as { type: string }[]).map(({ type }) => type) };
}

describe(`the presence of a user with several connections (FC_SEED=${SEED})`, () => {
  before(() => {
    sinon.replace(console, "info", () => undefined);
  });
  after(() => sinon.restore());

  it("matches the last notice to the channel, with any interleaving", async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(participant, { minLength: 2, maxLength: 3 }),
      async (scheduler, participants) => {
        const { isMember, notices } = await playAll(scheduler, participants);
        const before = participants.some(({ isIn }) => isIn) ? "joined" : "left";
        expect(notices.at(-1) ?? before).to.equal(isMember ? "joined" : "left");
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it("is announced if all connections join simultaneously", async () => {
    const joining = { isIn: false, moves: 1, disconnects: false };
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { notices } = await playAll(scheduler, [joining, joining, joining]);
      expect(new Set(notices)).to.have.keys("joined");
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
