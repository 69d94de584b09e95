/* A process that measures the single steps of a function on request: a push, a table request, a page of members. */
import { setTimeout as pause } from "node:timers/promises";
import { ulid } from "ulid";
import { managementOf } from "../../../aws/push/management-api.ts";
import { connections } from "../../../aws/table/connections.ts";
import { leanClient } from "../../../aws/table/lean-client.ts";
import { members } from "../../../aws/table/members.ts";
import { messages as messagesIn } from "../../../aws/table/messages.ts";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { forEachConcurrently } from "../../../chat/fan-out/concurrency.ts";
import type { ChatAddresses } from "../../harness/chat-process.ts";
import { median, repeat, timed } from "../../harness/measurement.ts";
import { latencyOf, REQUESTS_OF_MESSAGE, type Steps } from "./steps.ts";

const PUSHES = 1_000;
const PUSHES_AT_ONCE = 32;
const REQUESTS = 100;
const MESSAGES = 30;
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
const log = messagesIn(table, { now: Date.now, retentionDays: 1 });

const readPage = async (): Promise<string[]> => {
  for await (const page of members(table, Date.now).pages(LOBBY_SHARD, { limit: PAGE }))
    return page.members.map(({ id }) => id);
  return [];
};

interface Cost {
  readonly milliseconds: number;
  /** The CPU time of this process, in milliseconds. */
  readonly cpu: number;
}

async function costOf(act: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const milliseconds = await timed(act);
  const { user, system } = process.cpuUsage(before);
  return { milliseconds, cpu: (user + system) / 1_000 };
}

const costAfterRest = async (act: () => Promise<unknown>): Promise<Cost> => {
  await pause(REST_MILLISECONDS);
  return costOf(act);
};

async function measure(): Promise<Omit<Steps, "route">> {
  const ids = await readPage();
  const idOf = (run: number): string => ids[run % ids.length] ?? "";
  const send = (run: number): Promise<unknown> =>
    run % 2 === 0
      ? connections(table, Date.now).get(idOf(run))
      : log.store({ id: ulid(), channel: "probe", from: "probe", data: "hello" });
  const requests = await repeat(REQUESTS, (run) => costAfterRest(() => send(run)));
  // As in a message: the first request after a pause takes more CPU time than the next ones.
  const messages = await repeat(MESSAGES, () => costAfterRest(() => repeat(REQUESTS_OF_MESSAGE, send)));
  const pages = await repeat(PAGES, () => costAfterRest(readPage));
  const pushes = await repeat(PUSHES, (run) => timed(() => push(idOf(run), "probe")));
  const recipients = Array.from({ length: PUSHES }, (_, run) => idOf(run));
  const atOnce = await costOf(() =>
    forEachConcurrently(
      recipients,
      async (id) => void (await push(id, "probe")),
      () => PUSHES_AT_ONCE,
    ),
  );
  const forMember = (figure: keyof Cost): number =>
    Math.max(0, median(pages.map((page) => page[figure])) - median(requests.map((one) => one[figure]))) / ids.length;
  return {
    push: latencyOf(pushes),
    pushAtOnce: atOnce.milliseconds / recipients.length,
    request: latencyOf(requests.map(({ milliseconds }) => milliseconds)),
    member: forMember("milliseconds"),
    cpu: {
      push: atOnce.cpu / recipients.length,
      request: median(messages.map(({ cpu }) => cpu)) / REQUESTS_OF_MESSAGE,
      member: forMember("cpu"),
    },
  };
}

process.on("message", () => void measure().then((steps) => process.send?.(steps)));
// The open connections of the pool would keep the process running.
process.once("disconnect", () => process.exit());
