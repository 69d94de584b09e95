/* A process that does by itself, whenever it is asked, what a function does: a push, a request, a page of members. */
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { byPool } from "../../aws/http/undici-transport.ts";
import { managementOf } from "../../aws/push/management-api.ts";
import { connections } from "../../aws/table/connections.ts";
import { members } from "../../aws/table/members.ts";
import { messages } from "../../aws/table/messages.ts";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { sideBySide } from "../../chat/fan-out/side-by-side.ts";
import type { Addresses } from "./addresses.ts";
import type { Steps } from "./calibration.ts";
import { latencyOf, median, timed } from "./timing.ts";

const PUSHES = 1_000;
const PUSHES_AT_ONCE = 32;
const REQUESTS = 100;
const PAGES = 10;
const PAGE = 500;

/** As between two messages: requests that follow each other at once take half as long. */
const REST_MILLISECONDS = 20;

const { managementUrl, dynamodbUrl, region, tableName } = JSON.parse(process.argv[2] ?? "") as Addresses;
const identity = { accessKeyId: "local", secretAccessKey: "local" };
const push = managementOf({ endpoint: managementUrl, region, credentials: async () => identity }, byPool).push;
const client = new DynamoDBClient({ endpoint: dynamodbUrl, region, credentials: identity });
const table = { client, name: tableName };

const readPage = async (): Promise<string[]> => {
  for await (const page of members(table, Date.now).pages(LOBBY_SHARD, { limit: PAGE }))
    return page.members.map(({ id }) => id);
  return [];
};
const repeat = async (count: number, act: (turn: number) => Promise<number>): Promise<number[]> => {
  const all: number[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push(await act(turn));
  return all;
};
const rested = async (act: () => Promise<unknown>): Promise<number> => {
  await pause(REST_MILLISECONDS);
  return timed(act);
};

const log = messages(table, { now: Date.now, retentionDays: 1 });

async function measure(): Promise<Omit<Steps, "route">> {
  const ids = await readPage();
  const idOf = (turn: number): string => ids[turn % ids.length] ?? "";
  const requests = await repeat(REQUESTS, (turn) =>
    rested(() =>
      turn % 2 === 0
        ? connections(table, Date.now).get(idOf(turn))
        : log.store({ id: ulid(), channel: "probe", from: "probe", data: "hello" }),
    ),
  );
  const pages = await repeat(PAGES, () => rested(readPage));
  const pushes = await repeat(PUSHES, (turn) => timed(() => push(idOf(turn), "probe")));
  const many = Array.from({ length: PUSHES }, (_, turn) => idOf(turn));
  const atOnce = await timed(() =>
    sideBySide(
      many,
      async (id) => void (await push(id, "probe")),
      () => PUSHES_AT_ONCE,
    ),
  );
  return {
    push: latencyOf(pushes),
    pushAtOnce: atOnce / many.length,
    request: latencyOf(requests),
    member: Math.max(0, median(pages) - median(requests)) / ids.length,
  };
}

process.on("message", () => void measure().then((steps) => process.send?.(steps)));
// Its pool would keep it up.
process.once("disconnect", () => process.exit());
