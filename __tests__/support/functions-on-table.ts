import { createServer } from "node:http";
import { BatchWriteItemCommand, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import { aTable, guardOptions, PLACE } from "@serverless-chat/emulator/testing/dynamodb";
import sinon from "sinon";
import { type Config, variablesOf } from "../../aws/config.ts";
import { metrics } from "../../aws/metrics.ts";
import { members } from "../../aws/table/members.ts";
import { startCapacityMeter, type Units } from "../../benchmarks/fan-out/capacity-meter.ts";
import type { Shard } from "../../chat/channel.ts";
import type { ClientFrame } from "../../chat/protocol/client-frames.ts";
import type { Published, PublishOutcome } from "../../chat/protocol/publishing.ts";
import { routes } from "../../handlers/routes.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "../../handlers/runtime/lambda.ts";
import { environments } from "../../infra/environments.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { aConfig } from "./a-config.ts";
import { aConnection, aContext, anEvent, NOON } from "./builders.ts";

/** The messages of a backend, for the function `publish`. */
export interface Publishing {
  readonly message: "publish";
  readonly messages: readonly Published[];
}

/** The event of a function: a frame of a client, or an event of API Gateway. */
export type Doing = ClientFrame | "$connect" | "$disconnect" | "$default";

export const routeOf = (doing: Doing | Publishing): string => (typeof doing === "string" ? doing : doing.message);

/** The chat's functions in this process, on the embedded DynamoDB. The time is always noon, and every push is delivered. */
export interface Functions {
  /** The units that the functions consume while `act` runs. */
  unitsOf(act: () => Promise<void>): Promise<Units>;
  /** Starts the functions again with these settings. The name of an authenticated user is the end of the connection id. */
  configure(settings: Partial<Config>): void;
  /** Sends a frame or event of a connection. Returns the codes of the resulting errors. */
  run(connectionId: string, doing: Doing | Publishing): Promise<string[]>;
  /** Adds members to a shard. */
  crowd(shard: Shard, count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A placeholder for the id of the last acknowledged message. It is a valid message id, so that its frames are valid. */
export const LAST_MESSAGE = "7".repeat(26);

/** Without trailing zeros, which DynamoDB does not store. */
const CONNECTED_AT = NOON - 123_457;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const BATCH_ITEMS_MAX = 25;

const [settings] = environments as readonly [Environment];

export async function startFunctions(tableNames: readonly string[]): Promise<Functions> {
  const store = await startStore({}, guardOptions());
  await createTables(store.client, tableNames.map(aTable));
  const meter = await startCapacityMeter(store.url);
  const pushes = await startPushes();
  const place = {
    AWS_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: meter.url,
  };
  const defaults = {
    managementEndpoint: pushes.url,
    messageRetentionDays: settings.messageRetentionDays,
    presenceMembersMax: settings.presenceMembersMax,
  };
  let tableName: string;
  let starts = 0;
  let lastMessage = "";
  const sandbox = sinon.createSandbox();
  const env = sandbox.stub(process, "env");
  env.value(place);
  // Stubs would keep every call.
  sandbox.replace(console, "info", () => undefined);
  sandbox.replace(metrics, "count", () => undefined);
  sandbox.replace(metrics, "write", () => undefined);
  sandbox.useFakeTimers({ now: NOON, toFake: ["Date"] });

  return {
    async unitsOf(act) {
      meter.takeUnits();
      await act();
      return meter.takeUnits();
    },
    configure(own) {
      starts += 1;
      const config = aConfig({ ...defaults, ...own });
      env.value({ ...place, ...variablesOf(config) });
      tableName = config.tableName;
    },
    async run(connectionId, doing) {
      const routeKey = routeOf(doing);
      if (isPublishing(doing)) return publish(doing, starts);
      const body = typeof doing === "string" ? {} : { body: JSON.stringify(doing).replace(LAST_MESSAGE, lastMessage) };
      pushes.frames.length = 0;
      const handler = await functionOf(routeKey, starts);
      const authorizer = { user: connectionId.replaceAll(/[A=]/g, ""), groups: '["staff"]' };
      const identity = { sourceIp: "192.0.2.1" };
      const event = anEvent({ routeKey, connectionId, connectedAt: CONNECTED_AT, authorizer, identity, ...body });
      const result = await handler(event, aContext());
      if (result.statusCode !== 200) throw new Error(`${routeKey} returned ${JSON.stringify(result)}.`);
      const frames = [...pushes.frames, result.body ?? ""];
      lastMessage = frames.join().match(/"message":"([0-9A-Z]{26})"/)?.[1] ?? lastMessage;
      return frames.flatMap(codesIn);
    },
    async crowd(shard, count) {
      const items = await Promise.all(Array.from({ length: count }, () => memberItem(shard)));
      for (let start = 0; start < items.length; start += BATCH_ITEMS_MAX) {
        const requests = items.slice(start, start + BATCH_ITEMS_MAX).map((Item) => ({ PutRequest: { Item } }));
        await store.client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
      }
    },
    async stop() {
      sandbox.restore();
      await Promise.all([store.stop(), meter.stop(), pushes.stop()]);
    },
  };
}

/** The item that `members` stores for a new connection. Thousands of single writes would take most of the time of a test. */
async function memberItem(shard: Shard): Promise<PutItemCommandInput["Item"]> {
  let item: PutItemCommandInput["Item"];
  const send = async (_operation: string, input: object) => {
    item = (input as PutItemCommandInput).Item;
  };
  const { add } = members({ name: "", send: send as never }, () => NOON);
  await add(shard, aConnection({ connectedAt: CONNECTED_AT }));
  return item;
}

/** A management API for which every connection is open. */
async function startPushes() {
  const frames: string[] = [];
  const server = createServer(async (request, response) => {
    frames.push(String(await readBody(request)));
    response.end();
  });
  const url = `http://${LOOPBACK}:${await listen(server, 0)}`;
  return { url, frames, stop: () => close(server) };
}

const isPublishing = (doing: Doing | Publishing): doing is Publishing => routeOf(doing) === "publish";

/** Returns the codes of the errors in the outcomes. */
async function publish({ messages }: Publishing, start: number): Promise<string[]> {
  const handler = await handlerIn("publish", start);
  const { outcomes } = (await handler({ messages }, aContext())) as { readonly outcomes: readonly PublishOutcome[] };
  return outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error.code] : []));
}

async function functionOf(
  routeKey: string,
  start: number,
): Promise<(event: RouteEvent, context: LambdaContext) => Promise<RouteResult>> {
  const route = routes.find(({ key }) => key === routeKey);
  return handlerIn(String(route?.entry), start);
}

/** A function reads its settings when its module is loaded, so each start loads a new module. */
const handlerIn = async (entry: string, start: number) =>
  (await import(`../../handlers/${entry}.ts?start=${start}`)).handler;

const codesIn = (frame: string): string[] => (frame.startsWith('{"type":"error"') ? [JSON.parse(frame).code] : []);
