/* A process that measures the single steps of a function on request: a push, a table request, a page of members. */
import { setTimeout as pause } from "node:timers/promises";
import { ulid } from "ulid";
import { managementOf } from "../../../aws/push/management-api.ts";
import { connections } from "../../../aws/table/connections.ts";
import { leanClient } from "../../../aws/table/lean-client.ts";
import { members } from "../../../aws/table/members.ts";
import { messages } from "../../../aws/table/messages.ts";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { forEachConcurrently } from "../../../chat/fan-out/concurrency.ts";
import type { ChatAddresses } from "../../harness/chat-process.ts";
import { median, repeat, timed } from "../../harness/measurement.ts";
import { latencyOf, type Steps } from "./steps.ts";

const PUSHES = 1_000;
const PUSHES_AT_ONCE = 32;
const REQUESTS = 100;
const PAGES = 10;
const PAGE = 500;

/** The time between two messages. Without it, requests take half as long. */
const REST_MILLISECONDS = 20;

const { managementUrl, dynamodbUrl, region, tableName } = JSON.parse(process.argv[2] ?? "") as ChatAddresses;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const { push } = managementOf({ endpoint: managementUrl, region, credentials: () => credentials });
const { send } = leanClient({
  endpoint: dynamodbUrl,
  region,
  credentials: () => credentials,
  now: Date.now,
  pause: (milliseconds) => pause(milliseconds),
  random: Math.random,
});
const table = { name: tableName, send };
const log = messages(table, { now: Date.now, retentionDays: 1 });

const readPage = async (): Promise<string[]> => {
  for await (const page of members(table, Date.now).pages(LOBBY_SHARD, { limit: PAGE }))
    return page.members.map(({ id }) => id);
  return [];
};

const timedAfterRest = async (act: () => Promise<unknown>): Promise<number> => {
  await pause(REST_MILLISECONDS);
  return timed(act);
};

async function measure(): Promise<Omit<Steps, "route">> {
  const ids = await readPage();
  const idOf = (run: number): string => ids[run % ids.length] ?? "";
  const requests = await repeat(REQUESTS, (run) =>
    timedAfterRest(() =>
      run % 2 === 0
        ? connections(table, Date.now).get(idOf(run))
        : log.store({ id: ulid(), channel: "probe", from: "probe", data: "hello" }),
    ),
  );
  const pages = await repeat(PAGES, () => timedAfterRest(readPage));
  const pushes = await repeat(PUSHES, (run) => timed(() => push(idOf(run), "probe")));
  const recipients = Array.from({ length: PUSHES }, (_, run) => idOf(run));
  const atOnce = await timed(() =>
    forEachConcurrently(
      recipients,
      async (id) => void (await push(id, "probe")),
      () => PUSHES_AT_ONCE,
    ),
  );
  return {
    push: latencyOf(pushes),
    pushAtOnce: atOnce / recipients.length,
    request: latencyOf(requests),
    member: Math.max(0, median(pages) - median(requests)) / ids.length,
  };
}

process.on("message", () => void measure().then((steps) => process.send?.(steps)));
// The open connections of the pool would keep the process running.
process.once("disconnect", () => process.exit());
