import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { routes } from "../../handlers/routes.ts";
import { fillSections } from "../../scripts/docs/sections.ts";
import { table } from "../../scripts/docs/table.ts";
import { routeOf } from "../support/functions-on-table.ts";
import { channelsOf, type MeasuredCost, measuredCosts } from "../support/measured-costs.ts";

const PAGE = new URL("../../docs/costs.md", import.meta.url);

/** Dollars for a million units on demand, us-east-1, September 2026. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const DOLLARS = { reads: 0.125, writes: 0.625 };

const row = ({ doing, particular = "", members, reads, writes }: MeasuredCost): string[] => [
  `\`${routeOf(doing)}\``,
  particular,
  members.toLocaleString("en"),
  String(writes),
  String(reads),
  `$${(writes * DOLLARS.writes + reads * DOLLARS.reads).toFixed(2)}`,
];

const HEADS = ["route", "case", "members of the channel", "write units", "read units", "a million of them"];

describe("docs/costs", () => {
  let measured: MeasuredCost[];
  before(async () => {
    measured = await measuredCosts();
  });

  const of = (route: string) => measured.filter(({ doing }) => routeOf(doing) === route);
  /** What is said and heard for the first time. */
  const said = () => of("sendmessage").filter(({ refused, before }) => !refused && !before);
  const isLong = ({ doing }: MeasuredCost) => JSON.stringify(doing).length > 1000;
  const hasId = ({ doing }: MeasuredCost) => typeof doing === "object" && "id" in doing;

  it("measures every route, and has what was measured on the page (UPDATE_GOLDEN=1 writes it)", () => {
    expect([...new Set(measured.map(({ doing }) => routeOf(doing)))]).to.deep.equal(routes.map(({ key }) => key));
    const page = fillSections(readFileSync(PAGE, "utf8"), { units: `\n${table(HEADS, measured.map(row))}\n` });
    if (process.env.UPDATE_GOLDEN) writeFileSync(PAGE, page);
    expect(page).to.equal(readFileSync(PAGE, "utf8"));
  });

  it("holds `$connect` to 2 write units, however full the lobby", () => {
    for (const { members, writes } of of("$connect")) expect(writes, `${members} members`).to.equal(2);
  });

  it("holds `$disconnect` to 1 write unit, 1 for each channel, and 1 for a name", () => {
    for (const { particular, before, writes } of of("$disconnect")) {
      const hasName = before?.some(({ message }) => message === "name");
      expect(writes, particular).to.equal(1 + channelsOf(before).size + Number(hasName ?? false));
    }
  });

  it("holds a message to 1 write unit for each KB, and 2 more where the client gave an `id`", () => {
    for (const message of said()) {
      const { particular, members, writes } = message;
      const own = isLong(message) ? 17 : 1;
      expect(writes, `${particular}, ${members} members`).to.equal(own + (hasId(message) ? 2 : 0));
    }
  });

  it("holds a message to 1 read unit for its sender, and half a unit for 40 members of its audience", () => {
    for (const { members, reads } of said()) {
      expect(reads, `${members} members`).to.be.at.most(1 + Math.ceil(members / 40) / 2);
    }
  });

  it("holds presence and typing in a crowd to what they read of 100 members", () => {
    for (const route of ["$connect", "typing"]) {
      const reads = (members: number) => of(route).find((cost) => cost.members === members)?.reads;
      expect(reads(200), route).to.be.a("number").and.to.equal(reads(100));
    }
  });

  it("holds the echo to nothing", () => {
    for (const cost of of("$default")) expect(cost).to.include({ reads: 0, writes: 0 });
  });
});
