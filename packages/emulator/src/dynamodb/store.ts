import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { localCredentials } from "../iam/credentials.ts";
import { LOOPBACK } from "../listen.ts";
import { threadModule } from "../thread-module.ts";
import type { DynaliteData, DynaliteMessage } from "./dynalite-thread.ts";
import { startForwarder } from "./forwarder.ts";
import { createFront, type FrontData } from "./front.ts";

/** A DynamoDB, without tables yet. */
export interface Store {
  /** Where functions reach it. */
  readonly url: string;
  /** The emulator's own way to it. */
  readonly client: DynamoDBClient;
  /** For a person: what it is and what becomes of the items. */
  readonly description: string;
  /** Rejects when the store breaks down, and never resolves. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

export interface StoreOptions {
  /** Keeps the items here from one run to the next; in memory without it. */
  readonly dataDirectory?: string | undefined;
  /** A DynamoDB that runs already, in place of the embedded one. */
  readonly dynamodbEndpoint?: string | undefined;
}

/** What stands before the store. */
export interface Guarding {
  readonly front: FrontData;
  /** Takes a sentence about what the front refused. */
  readonly report: (sentence: string) => void;
}

export const startStore = ({ dataDirectory, dynamodbEndpoint }: StoreOptions, guarding: Guarding): Promise<Store> =>
  dynamodbEndpoint ? reach(dynamodbEndpoint, guarding) : startDynalite(dataDirectory, guarding);

async function reach(endpoint: string, { front, report }: Guarding): Promise<Store> {
  const { region } = front.place;
  const isLocal = /^(localhost|127\.|\[::1\])/.test(new URL(endpoint).host);
  const client = new DynamoDBClient({ endpoint, region, ...(isLocal && { credentials: localCredentials() }) });
  const forwarder = await startForwarder({ url: endpoint, client }, createFront(front, report));
  return {
    url: forwarder.url,
    client,
    description: endpoint,
    broken: new Promise(() => undefined),
    async stop() {
      client.destroy();
      await forwarder.stop();
    },
  };
}

async function startDynalite(dataDirectory: string | undefined, { front, report }: Guarding): Promise<Store> {
  if (dataDirectory) mkdirSync(dataDirectory, { recursive: true });
  const path = dataDirectory && join(dataDirectory, "dynamodb");
  const { region } = front.place;
  const workerData: DynaliteData = { front, path };
  const code = threadModule("./dynalite-thread", import.meta.url);
  // Nothing of this process's environment but what dynalite puts into the ARNs of its tables.
  const thread = new Worker(code, { eval: true, workerData, env: { AWS_REGION: region } });
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  const broken = new Promise<never>((_, reject) => thread.once("error", (fault) => reject(breakdown(fault, path))));
  const [{ port }] = await Promise.race([once(thread, "message"), broken]);
  thread.on("message", (message: DynaliteMessage) => "report" in message && report(message.report));
  const url = `http://${LOOPBACK}:${port}`;
  const client = new DynamoDBClient({ endpoint: url, region, credentials: localCredentials() });
  return {
    url,
    client,
    description: dataDirectory ? `dynalite, in ${dataDirectory}` : "dynalite, in memory",
    broken,
    async stop() {
      client.destroy();
      thread.postMessage("stop");
      await exited;
    },
  };
}

function breakdown({ message }: Error, path: string | undefined): Error {
  const remedy = path ? ` Is another emulator using ${path}?` : "";
  return new Error(`The embedded DynamoDB broke down: ${message}.${remedy}`);
}
