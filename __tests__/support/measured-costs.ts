import { expect } from "chai";
import { LOBBY } from "../../chat/channel.ts";
import type { ClientFrame } from "../../chat/protocol/client-frames.ts";
import { type CostCase, costCases, type PublishCase, publishCases } from "./cost-cases.ts";
import { type Functions, type Publishing, startFunctions } from "./functions-on-table.ts";
import type { Units } from "./units.ts";

export type MeasuredCost = (CostCase | PublishCase) & Units;

const [ANNA, BEN] = ["AAAAAAAAAAAanna=", "AAAAAAAAAAAAben="];

/** An earlier connection of anna. */
const EARLIER = "AAAAAAAAAAannaA=";

/** The units of every case, each measured on its own table. */
export async function measuredCosts(): Promise<MeasuredCost[]> {
  const cases = [...costCases, ...publishCases];
  const tableNames = cases.map((_, index) => `case-${index}`);
  const functions = await startFunctions(tableNames);
  const measured: MeasuredCost[] = [];
  try {
    for (const [index, cost] of cases.entries()) {
      measured.push(await measure(functions, cost, `case-${index}`));
    }
    return measured;
  } finally {
    await functions.stop();
  }
}

async function measure(functions: Functions, cost: CostCase | PublishCase, tableName: string): Promise<MeasuredCost> {
  const { doing, before = [], other = [], earlier = [], refused, isAuthenticated = false, settings = {} } = cost;
  functions.configure({ ...settings, authentication: isAuthenticated ? "jwt" : "none", tableName });
  if (other.length > 0) await functions.run(BEN, "$connect");
  for (const frame of other) await functions.run(BEN, frame);
  if (earlier.length > 0) {
    for (const each of ["$connect", ...earlier, "$disconnect"] as const) await functions.run(EARLIER, each);
  }
  await fill(functions, cost);
  if (doing !== "$connect") await functions.run(ANNA, "$connect");
  for (const frame of before) await functions.run(ANNA, frame);
  let codes: string[] = [];
  const units = await functions.unitsOf(async () => {
    codes = await functions.run(ANNA, doing);
  });
  // An unnoticed error would look cheap.
  expect(codes, JSON.stringify(doing)).to.deep.equal(refused === undefined ? [] : [refused]);
  return { ...cost, ...units };
}

/** Fills the channels, except for the connection that is measured. */
async function fill(functions: Functions, { members, before, other }: CostCase | PublishCase): Promise<void> {
  const bens = other ? channelsOf(other) : new Set<string>();
  for (const channel of new Set([...channelsOf(before), ...bens])) {
    await functions.crowd({ channel, shard: 0 }, members - 1 - Number(bens.has(channel)));
  }
}

/** The channels of a connection that has sent these frames. */
export const channelsOf = (frames: readonly (ClientFrame | Publishing)[] = []): Set<string> =>
  new Set([LOBBY, ...frames.flatMap((frame) => (frame.message === "join" ? [frame.channel] : []))]);
