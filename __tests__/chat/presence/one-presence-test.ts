import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import sinon from "sinon";
import type { Connected } from "../../../chat/connection.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";

import { aChat, type Chat, OPS } from "../../support/chat.ts";
import { everybody } from "../../support/memory.ts";
import { interleaved } from "../../support/storm/interleaved.ts";
import { SEED } from "../../support/storm/seed.ts";

const RUNS = Number(process.env.FC_RUNS ?? 1_000);

type Act = "join" | "leave" | "hang up";
/** A connection that is in the channel or not, then comes and goes, and may hang up at last. */
interface Part {
  readonly isIn: boolean;
  readonly moves: number;
  readonly hangsUp: boolean;
}

const parts = fc.record({ isIn: fc.boolean(), moves: fc.integer({ min: 1, max: 2 }), hangsUp: fc.boolean() });

const actsOf = ({ isIn, moves, hangsUp }: Part): Act[] => [
  ...Array.from({ length: moves }, (_, index): Act => (isIn === (index % 2 === 0) ? "leave" : "join")),
  ...(hangsUp ? (["hang up"] as const) : []),
];

/** What a connection does, one after the other, each with what is stored by then. */
async function play(chat: Chat, connection: Connected, doing: readonly Act[]): Promise<void> {
  const frame = { channel: OPS.channel };
  for (const act of doing) {
    const connected = await chat.connections.get(connection.id);
    if (!connected) return;
    const request = { connected, frame, deadline: Number.POSITIVE_INFINITY };
    if (act === "join") await join(chat, { ...request, route: "join" });
    if (act === "leave") await leave(chat, { ...request, route: "leave" });
    if (act === "hang up") await disconnect(chat, connection.id);
  }
}

/** What a channel was told of anna, whose connections do at once what they do, and whether she is there in the end. */
async function toldOf(scheduler: Scheduler, taking: readonly Part[]) {
  let moment = 0;
  const chat = aChat({ now: () => moment++ });
  const listener = await chat.enter({ protocol: "chat.v1", memberships: [OPS], connectedAt: 0 });
  const own = { user: "anna", groups: [], connectedAt: 0 };
  const connections = await Promise.all(
    taking.map(({ isIn }) => chat.enter({ ...own, memberships: isIn ? [OPS] : [] })),
  );
  const slow = interleaved(scheduler, chat);
  const all = taking.map((part, index) => play(slow, connections[index] as Connected, actsOf(part)));
  await scheduler.waitFor(Promise.all(all));
  const isThere = (await everybody(chat.members, OPS)).some(({ user }) => user === "anna");
  return { isThere, told: (chat.heard(listener) as { type: string }[]).map(({ type }) => type) };
}

describe(`the presence of a user with several connections (FC_SEED=${SEED})`, () => {
  before(() => {
    sinon.replace(console, "info", () => undefined);
  });
  after(() => sinon.restore());

  it("is at last what the channel was told at last, whatever goes on at once", async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(parts, { minLength: 2, maxLength: 3 }),
      async (scheduler, taking) => {
        const { isThere, told } = await toldOf(scheduler, taking);
        const before = taking.some(({ isIn }) => isIn) ? "joined" : "left";
        expect(told.at(-1) ?? before).to.equal(isThere ? "joined" : "left");
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it("is told when all join at once", async () => {
    const joining = { isIn: false, moves: 1, hangsUp: false };
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { told } = await toldOf(scheduler, [joining, joining, joining]);
      expect(new Set(told)).to.have.keys("joined");
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
