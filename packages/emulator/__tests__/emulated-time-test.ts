import { DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { localCredentials } from "../src/iam/principal.ts";
import { type Emulator, start } from "../src/start.ts";
import { fixtureStack, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";

const DAY = 24 * 60 * 60_000;

const TABLE = {
  aws_dynamodb_table: {
    items: {
      ...{ name: "items", billing_mode: "PAY_PER_REQUEST", hash_key: "pk", attribute: [{ name: "pk", type: "S" }] },
      ttl: { attribute_name: "ttl", enabled: true },
    },
  },
};

/** Stores items that expire in an hour and in a week, by the time of the function. */
const STORE = `
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({ maxAttempts: 1 });
export const handler = async () => {
  for (const [pk, seconds] of [["hour", 3600], ["week", 604800]]) {
    const ttl = String(Math.floor(Date.now() / 1000) + seconds);
    await client.send(new PutItemCommand({ TableName: "items", Item: { pk: { S: pk }, ttl: { N: ttl } } }));
  }
  return { statusCode: 200, body: "stored" };
};`;

/** All ways to get the current time from Date, as distances from the first one. */
const DATES = `
import { statSync } from "node:fs";
class Own extends Date {}
export const handler = async (event) => {
  const now = Date.now();
  const isNear = (time) => Math.abs(time - now) < 60000;
  const { mtime } = statSync(process.cwd());
  return { statusCode: 200, body: JSON.stringify({
    now,
    isNear: [new Date(), new Own(), Date.parse(Date()), event.requestContext.requestTimeEpoch].map(isNear),
    epoch: new Date(0).toISOString(),
    local: new Date(2026, 0).getUTCFullYear(),
    isDate: [new Date(), new Own(), mtime].map((each) => each instanceof Date),
    isOwn: new Own() instanceof Own && new Date().constructor === Date,
  }) };
};`;

const GRANT = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:*:*:table/items" }],
};

describe("an emulator whose time is advanced", () => {
  let emulator: Emulator;
  const denied: unknown[] = [];
  before(async () => {
    const routes = {
      $default: { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true },
      store: { code: STORE, routeResponse: true, policy: GRANT },
      dates: { code: DATES, routeResponse: true },
    };
    const stackDirectory = fixtureStack({ routes, resources: TABLE });
    emulator = await start({ stackDirectory, observe: (event) => event.kind === "denied" && denied.push(event) });
  });
  after(() => emulator.stop());

  it("moves Date in functions, which keeps its behavior", async () => {
    const datesAt = async () => {
      const client = await connect(emulator.url);
      client.send({ message: "dates" });
      const dates = JSON.parse(await client.next());
      await client.close();
      return dates;
    };
    const { now: before, ...dates } = await datesAt();
    expect(dates).to.deep.equal({
      isNear: [true, true, true, true],
      epoch: "1970-01-01T00:00:00.000Z",
      local: 2026,
      isDate: [true, true, true],
      isOwn: true,
    });
    await emulator.advance(DAY);
    const { now: after, ...later } = await datesAt();
    expect(after - before).to.be.within(DAY, 2 * DAY);
    expect(emulator.now() - after).to.be.within(0, DAY);
    expect(later).to.deep.equal(dates);
  });

  it("accepts the signatures of functions and of other callers, and deletes items when they expire", async () => {
    const client = await connect(emulator.url);
    client.send({ message: "store" });
    expect(await client.next()).to.equal("stored");
    const caller = new DynamoDBClient({
      ...{ endpoint: emulator.endpointUrl, region: "eu-west-2", credentials: localCredentials() },
    });
    const read = async () => (await caller.send(new ScanCommand({ TableName: "items" }))).Items?.map(({ pk }) => pk?.S);
    expect(await read()).to.have.members(["hour", "week"]);
    await emulator.advance(DAY);
    expect(await read()).to.deep.equal(["week"]);
    expect((await client.closed).code).to.equal(1001);
    const again = await connect(emulator.url);
    again.send({ message: "store" });
    expect(await again.next()).to.equal("stored");
    const { Item } = await caller.send(new GetItemCommand({ TableName: "items", Key: { pk: { S: "hour" } } }));
    expect(Number(Item?.ttl?.N) * 1_000).to.be.above(Date.now() + DAY);
    await again.close();
    caller.destroy();
    expect(denied).to.deep.equal([]);
  });
});
