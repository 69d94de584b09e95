import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { routes } from "../../../handlers/routes.ts";
import { routeOf } from "../../support/functions-on-table.ts";
import { channelsOf, type MeasuredCost, measuredCosts } from "../../support/measured-costs.ts";

const FILE = new URL("../../../benchmarks/costs/units.json", import.meta.url);

const row = ({ doing, variant = "", members, reads, writes }: MeasuredCost) => ({
  route: routeOf(doing),
  case: variant,
  members,
  writes,
  reads,
});

/** A row a line. */
const jsonOf = (rows: readonly object[]): string =>
  `[\n${rows.map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n]\n`;

describe("benchmarks/costs/units", () => {
  let measured: MeasuredCost[];
  before(async () => {
    measured = await measuredCosts();
  });

  /** With the settings that cost nothing. */
  const of = (route: string) => measured.filter(({ doing, settings }) => routeOf(doing) === route && !settings);
  /** What is said and heard for the first time. */
  const said = () => of("sendmessage").filter(({ refused, before }) => !refused && !before);
  const isLong = ({ doing }: MeasuredCost) => JSON.stringify(doing).length > 1000;
  const hasId = ({ doing }: MeasuredCost) => typeof doing === "object" && "id" in doing;

  it("match the recorded units of every route and of `publish` (UPDATE_GOLDEN=1 records them)", () => {
    const expected = [...routes.map(({ key }) => key), "publish"];
    expect([...new Set(measured.map(({ doing }) => routeOf(doing)))]).to.deep.equal(expected);
    const text = jsonOf(measured.map(row));
    if (process.env.UPDATE_GOLDEN) writeFileSync(FILE, text);
    expect(readFileSync(FILE, "utf8")).to.equal(text);
  });

  it("are 2 write units for `$connect`, 3 for an authenticated user, regardless of the lobby", () => {
    for (const { members, writes, isAuthenticated = false } of of("$connect")) {
      expect(writes, `${members} members`).to.equal(2 + Number(isAuthenticated));
    }
  });

  it("are 1 write unit for `$disconnect`, 1 for each channel, and 1 for a name or an authenticated user", () => {
    for (const { variant, before = [], writes, isAuthenticated = false } of of("$disconnect")) {
      const hasUser = isAuthenticated || before.some(({ message }) => message === "name");
      expect(writes, variant).to.equal(1 + channelsOf(before).size + Number(hasUser));
    }
  });

  it("are 1 write unit for each KB of a message, and 2 more if the frame has an `id`", () => {
    for (const message of said()) {
      const { variant, members, writes } = message;
      const own = isLong(message) ? 17 : 1;
      expect(writes, `${variant}, ${members} members`).to.equal(own + (hasId(message) ? 2 : 0));
    }
  });

  it("are 1 read unit for the sender of a message, and 1 for 40 members of its audience", () => {
    for (const { members, reads } of said()) {
      expect(reads, `${members} members`).to.be.at.most(1 + Math.ceil(members / 40));
    }
  });

  it("are the units of reading 100 members for presence and typing in a large channel", () => {
    for (const route of ["$connect", "typing"]) {
      const reads = (members: number) => of(route).find((cost) => cost.members === members)?.reads;
      expect(reads(200), route).to.be.a("number").and.to.equal(reads(100));
    }
  });

  const unitsOf = (route: string, variant: string) => {
    const { reads, writes } =
      measured.find((cost) => routeOf(cost.doing) === route && (cost.variant ?? "") === variant) ?? {};
    return { reads, writes };
  };

  it("are 1 write unit for a message rate, and 1 more right after another frame", () => {
    expect(unitsOf("sendmessage", "a message rate, after a pause")).to.deep.equal({ reads: 2, writes: 2 });
    expect(unitsOf("sendmessage", "a message rate, right after another")).to.deep.equal({ reads: 2, writes: 3 });
    expect(unitsOf("sendmessage", "over the message rate")).to.deep.equal({ reads: 1, writes: 3 });
  });

  it("are 2 read units for bans at each handshake in environments with moderators", () => {
    const authenticated = unitsOf("$connect", "authenticated");
    const { reads = 0, writes } = authenticated;
    expect(unitsOf("$connect", "moderators")).to.deep.equal({ reads: reads + 2, writes });
  });

  it("are 1 read unit for mutes of each message in environments with moderators", () => {
    const without = of("sendmessage").find(({ members, variant }) => members === 10 && !variant);
    expect(unitsOf("sendmessage", "moderators").reads).to.equal((without?.reads ?? 0) + 1);
  });

  it("are the same for a published message as for a frame with an `id`, without the unit for its sender", () => {
    const { reads = 0, writes } = unitsOf("sendmessage", "with an `id`");
    expect(unitsOf("publish", "")).to.deep.equal({ reads: reads - 1, writes });
    const { reads: all = 0, writes: allWrites } = unitsOf("publish", "10 messages in a call");
    expect({ reads: all / 10, writes: Number(allWrites) / 10 }).to.deep.equal({ reads: reads - 1, writes });
  });

  it("are none for the echo", () => {
    for (const cost of of("$default")) expect(cost).to.include({ reads: 0, writes: 0 });
  });
});
