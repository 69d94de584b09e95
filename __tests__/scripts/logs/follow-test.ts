import { expect } from "chai";
import { type FollowOptions, follow, type LogEvent, type LogQuery, lineOf } from "../../../scripts/logs/follow.ts";
import { NOON } from "../../support/builders.ts";

const anEvent = (id: string, timestamp: number): LogEvent => ({ id, timestamp, message: `${id} said` });

/** Follows two groups, whose queries take a fifth of a second each. Returns the events and the queries. */
async function followed(rounds: readonly Record<string, readonly LogEvent[]>[], own: Partial<FollowOptions> = {}) {
  const queries: LogQuery[] = [];
  const rest = [...rounds];
  let now = NOON;
  const ports = {
    read: async (query: LogQuery) => {
      if (rest.length === 0) throw new Error("the end");
      queries.push(query);
      return rest[0]?.[query.group] ?? [];
    },
    now: () => now,
    pause: async (milliseconds: number) => {
      now += milliseconds;
      if (queries.length % 2 === 0) rest.shift();
    },
  };
  const events: string[] = [];
  const groups = { connect: "/connect", join: "/join" };
  try {
    for await (const { id, source } of follow(ports, { groups, since: NOON - 60_000, ...own })) {
      events.push(`${source} ${id}`);
    }
  } catch {
    return { events, queries };
  }
  return { events, queries };
}

describe("scripts/logs/follow", () => {
  it("returns the events since a time, ordered by time across groups", async () => {
    const late = anEvent("late", NOON - 1);
    const { events, queries } = await followed([{ "/connect": [late], "/join": [anEvent("early", NOON - 2)] }]);
    expect(events).to.deep.equal(["join early", "connect late"]);
    expect(queries.map(({ group, from }) => [group, from])).to.deep.equal([
      ["/connect", NOON - 60_000],
      ["/join", NOON - 60_000],
    ]);
  });

  it("reads again the time in which events may be late, and returns no event twice", async () => {
    const [first, second] = [anEvent("first", NOON - 1), anEvent("second", NOON - 2)];
    const { events, queries } = await followed([
      { "/join": [first] },
      { "/join": [second, first] },
      { "/join": [first] },
    ]);
    expect(events).to.deep.equal(["join first", "join second"]);
    expect(queries.at(-1)?.from).to.equal(NOON + 400 - 30_000);
  });

  it("does not read earlier events", async () => {
    const { queries } = await followed([{}, {}], { since: NOON - 1_000 });
    expect(queries.map(({ from }) => from)).to.deep.equal(Array(4).fill(NOON - 1_000));
  });

  it("passes the pattern on", async () => {
    const { queries } = await followed([{}], { filter: "ERROR" });
    expect(queries.map(({ filter }) => filter)).to.deep.equal(["ERROR", "ERROR"]);
  });
});

const line = (message: object | string): string =>
  lineOf({
    timestamp: NOON,
    source: "join",
    message: typeof message === "string" ? message : JSON.stringify(message),
  });

describe("scripts/logs/log-line", () => {
  it("shows the time, the level, the source and the message of a function", () => {
    const message = {
      timestamp: "2026-07-01T12:00:00.000Z",
      level: "WARN",
      requestId: "r",
      message: { route: "join" },
    };
    expect(line(message)).to.equal('12:00:00 WARN  join {"route":"join"}');
    expect(line({ ...message, message: "low" })).to.equal("12:00:00 WARN  join low");
  });

  it("shows a line of the access log unchanged", () => {
    expect(line({ route: "$connect", status: "200" })).to.equal(
      '12:00:00 INFO  join {"route":"$connect","status":"200"}',
    );
  });

  it("shows metrics without the metadata for CloudWatch", () => {
    const metrics = { level: "INFO", timestamp: "2026-07-01T12:00:00.000Z", _aws: {}, MessagesAccepted: 1 };
    expect(line(metrics)).to.equal('12:00:00 INFO  join METRICS {"MessagesAccepted":1}');
  });

  it("shows text unchanged", () => {
    expect(line("so it is\n")).to.equal("12:00:00 INFO  join so it is");
    expect(line("[1]")).to.equal("12:00:00 INFO  join [1]");
  });
});
