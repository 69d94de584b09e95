import type { ChildProcess } from "node:child_process";
import { variablesOf } from "../../aws/config.ts";
import { environments } from "../../infra/environments.ts";
import { functionSettingsIn } from "../../infra/settings/function-settings.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { ask, endChild, firstMessage, startChild } from "../emulator/servers/child.ts";
import type { Actor } from "./audience.ts";
import type { Units } from "./meter.ts";
import type { Received } from "./receiver.ts";
import type { StoreQuestion } from "./store.ts";

const [environment] = environments as readonly [Environment];

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
  const receiver = startChild(new URL("./receiver.ts", import.meta.url));
  const store = startChild(new URL("./store.ts", import.meta.url), [JSON.stringify(sizes)]);
  const [receiverUrl, storeUrl] = [await urlOf(receiver), await urlOf(store)];
  const askStore = (question: StoreQuestion): Promise<Units> => ask(store, question);
  return {
    variables: {
      AWS_REGION: "eu-west-2",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "local",
      AWS_ENDPOINT_URL_DYNAMODB: storeUrl,
      AWS_ENDPOINT_URL_LAMBDA: receiverUrl,
      ...variablesOf({ ...functionSettingsIn(environment), managementEndpoint: `${receiverUrl}/dev` }),
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
