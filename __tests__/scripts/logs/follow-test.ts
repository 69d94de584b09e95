import { expect } from "chai";
import { type Followed, follow, type LogEvent, type Reading } from "../../../scripts/logs/follow.ts";
import { NOON } from "../../support/builders.ts";

const anEvent = (id: string, timestamp: number): LogEvent => ({ id, timestamp, message: `${id} said` });

/** Follows rounds of answers by group, two readings of a fifth of a second each. Gives what came, and what was asked for. */
async function followed(rounds: readonly Record<string, readonly LogEvent[]>[], own: Partial<Followed> = {}) {
  const readings: Reading[] = [];
  const rest = [...rounds];
  let now = NOON;
  const ports = {
    read: async (reading: Reading) => {
      if (rest.length === 0) throw new Error("the end");
      readings.push(reading);
      return rest[0]?.[reading.group] ?? [];
    },
    now: () => now,
    pause: async (milliseconds: number) => {
      now += milliseconds;
      if (readings.length % 2 === 0) rest.shift();
    },
  };
  const told: string[] = [];
  const groups = { connect: "/connect", join: "/join" };
  try {
    for await (const { id, source } of follow(ports, { groups, since: NOON - 60_000, ...own })) {
      told.push(`${source} ${id}`);
    }
  } catch {
    return { told, readings };
  }
  return { told, readings };
}

describe("scripts/logs/follow", () => {
  it("tells what was logged since a moment, in the order of its time, whatever the group", async () => {
    const late = anEvent("late", NOON - 1);
    const { told, readings } = await followed([{ "/connect": [late], "/join": [anEvent("early", NOON - 2)] }]);
    expect(told).to.deep.equal(["join early", "connect late"]);
    expect(readings.map(({ group, from }) => [group, from])).to.deep.equal([
      ["/connect", NOON - 60_000],
      ["/join", NOON - 60_000],
    ]);
  });

  it("reads again what may have come late, and tells nothing twice", async () => {
    const [first, second] = [anEvent("first", NOON - 1), anEvent("second", NOON - 2)];
    const { told, readings } = await followed([
      { "/join": [first] },
      { "/join": [second, first] },
      { "/join": [first] },
    ]);
    expect(told).to.deep.equal(["join first", "join second"]);
    expect(readings.at(-1)?.from).to.equal(NOON + 400 - 30_000);
  });

  it("begins no earlier than it was told to", async () => {
    const { readings } = await followed([{}, {}], { since: NOON - 1_000 });
    expect(readings.map(({ from }) => from)).to.deep.equal(Array(4).fill(NOON - 1_000));
  });

  it("asks for what fits a pattern", async () => {
    const { readings } = await followed([{}], { filter: "ERROR" });
    expect(readings.map(({ filter }) => filter)).to.deep.equal(["ERROR", "ERROR"]);
  });
});
