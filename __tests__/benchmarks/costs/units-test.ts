import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { routes } from "../../../handlers/routes.ts";
import { routeOf } from "../../support/functions-on-table.ts";
import { channelsOf, type MeasuredCost, measuredCosts } from "../../support/measured-costs.ts";

const FILE = new URL("../../../benchmarks/costs/units.json", import.meta.url);

const row = ({ doing, particular = "", members, reads, writes }: MeasuredCost) => ({
  route: routeOf(doing),
  case: particular,
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

  it("are measured of every route, and written down as they are (UPDATE_GOLDEN=1 writes them)", () => {
    expect([...new Set(measured.map(({ doing }) => routeOf(doing)))]).to.deep.equal(routes.map(({ key }) => key));
    const text = jsonOf(measured.map(row));
    if (process.env.UPDATE_GOLDEN) writeFileSync(FILE, text);
    expect(readFileSync(FILE, "utf8")).to.equal(text);
  });

  it("holds `$connect` to 2 write units, 3 for an authenticated user, however full the lobby", () => {
    for (const { members, writes, isAuthenticated = false } of of("$connect")) {
      expect(writes, `${members} members`).to.equal(2 + Number(isAuthenticated));
    }
  });

  it("holds `$disconnect` to 1 write unit, 1 for each channel, and 1 for a name or an authenticated user", () => {
    for (const { particular, before = [], writes, isAuthenticated = false } of of("$disconnect")) {
      const hasUser = isAuthenticated || before.some(({ message }) => message === "name");
      expect(writes, particular).to.equal(1 + channelsOf(before).size + Number(hasUser));
    }
  });

  it("holds a message to 1 write unit for each KB, and 2 more where the client gave an `id`", () => {
    for (const message of said()) {
      const { particular, members, writes } = message;
      const own = isLong(message) ? 17 : 1;
      expect(writes, `${particular}, ${members} members`).to.equal(own + (hasId(message) ? 2 : 0));
    }
  });

  it("holds a message to 1 read unit for its sender, and 1 unit for 40 members of its audience", () => {
    for (const { members, reads } of said()) {
      expect(reads, `${members} members`).to.be.at.most(1 + Math.ceil(members / 40));
    }
  });

  it("holds presence and typing in a crowd to what they read of 100 members", () => {
    for (const route of ["$connect", "typing"]) {
      const reads = (members: number) => of(route).find((cost) => cost.members === members)?.reads;
      expect(reads(200), route).to.be.a("number").and.to.equal(reads(100));
    }
  });

  const unitsOf = (route: string, particular: string) => {
    const { reads, writes } =
      measured.find((cost) => routeOf(cost.doing) === route && cost.particular === particular) ?? {};
    return { reads, writes };
  };

  it("holds a message rate to 1 write unit, and 1 more right after another frame", () => {
    expect(unitsOf("sendmessage", "a message rate, after a pause")).to.deep.equal({ reads: 2, writes: 2 });
    expect(unitsOf("sendmessage", "a message rate, right after another")).to.deep.equal({ reads: 2, writes: 3 });
    expect(unitsOf("sendmessage", "a message rate, beyond it")).to.deep.equal({ reads: 1, writes: 3 });
  });

  it("holds bans to 2 read units of each handshake in environments with moderators", () => {
    const authenticated = unitsOf("$connect", "authenticated");
    const { reads = 0, writes } = authenticated;
    expect(unitsOf("$connect", "moderators")).to.deep.equal({ reads: reads + 2, writes });
  });

  it("holds moderators to 1 read unit of each message", () => {
    const without = of("sendmessage").find(({ members, particular }) => members === 10 && !particular);
    expect(unitsOf("sendmessage", "moderators").reads).to.equal((without?.reads ?? 0) + 1);
  });

  it("holds the echo to nothing", () => {
    for (const cost of of("$default")) expect(cost).to.include({ reads: 0, writes: 0 });
  });
});
