import type { ChildProcess } from "node:child_process";
import { ask, endChild, firstMessage, startChild } from "../harness/child-process.ts";
import type { Actor } from "./audience.ts";
import type { Units } from "./capacity-meter.ts";
import type { Received } from "./push-receiver.ts";
import type { StoreQuestion } from "./table-process.ts";

/** To fill tables, most of it. */
const START_SECONDS_MAX = 120;

/** What functions reach: a table with audiences in it, and who takes their pushes. Each is a process of its own. */
export interface Surroundings {
  /** The environment of functions. */
  readonly variables: Readonly<Record<string, string>>;
  received(question: "events" | "all"): Promise<Received>;
  /** What the table was asked for since the last time. */
  units(): Promise<Units>;
  /** Opens a channel to one connection, whose user has the channel's name. */
  letIn(actor: Actor): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startSurroundings(sizes: readonly number[]): Promise<Surroundings> {
  const receiver = startChild(new URL("./push-receiver.ts", import.meta.url));
  const store = startChild(new URL("./table-process.ts", import.meta.url), [JSON.stringify(sizes)]);
  const [receiverUrl, storeUrl] = [await urlOf(receiver), await urlOf(store)];
  const askStore = (question: StoreQuestion): Promise<Units> => ask(store, question);
  return {
    variables: {
      AWS_REGION: "eu-west-2",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "local",
      AWS_ENDPOINT_URL_DYNAMODB: storeUrl,
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `${receiverUrl}/dev`,
      AWS_ENDPOINT_URL_LAMBDA: receiverUrl,
      FAN_OUT_FUNCTION: "fan-out",
      MESSAGE_RETENTION_DAYS: "30",
      AUTHENTICATION: "none",
      CHECK_BANS: "false",
      METRICS_NAMESPACE: "chat-dev",
      PRESENCE_MEMBERS_MAX: "100",
    },
    received: (question) => ask(receiver, question),
    units: () => askStore("units"),
    letIn: askStore,
    async stop() {
      for (const child of [receiver, store]) await endChild(child);
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const { url } = await firstMessage<{ readonly url: string }>(child, START_SECONDS_MAX);
  return url;
}
