import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EmulatedTime } from "../emulated-time.ts";
import { LOOPBACK } from "../http-server.ts";
import { localCredentials } from "../iam/principal.ts";
import type { Report } from "../inspector/events.ts";
import { allowsNames, dynamodbNames } from "../lambda/public-hosts.ts";
import { threadModule } from "../thread-module.ts";
import type { DynaliteCommand, DynaliteData, DynaliteMessage } from "./dynalite-thread.ts";
import { createDynamodbGuard, type GuardData } from "./guard.ts";
import { startSigningProxy } from "./signing-proxy.ts";

/** A running DynamoDB. It has no tables at first. */
export interface Store {
  /** The endpoint for functions. */
  readonly url: string;
  /** A client that bypasses IAM. */
  readonly client: DynamoDBClient;
  /** Describes for users where items are stored. */
  readonly description: string;
  /** Rejects if the store fails. Never resolves. */
  readonly broken: Promise<never>;
  /** Authorizes later requests by other tables and principals. Resolves when it is in effect. */
  authorizeBy(guardData: GuardData): Promise<void>;
  stop(): Promise<void>;
}

export interface StoreOptions {
  /** The folder in which items persist between runs; default: in memory. */
  readonly dataDirectory?: string | undefined;
  /** The endpoint of an external DynamoDB to use instead of the embedded one. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Ends the wait for an external DynamoDB that does not respond. */
  readonly signal?: AbortSignal;
}

/** The authorization of requests to the store. */
export interface GuardOptions {
  readonly guardData: GuardData;
  /** Receives an explanation of each rejected request. */
  readonly report: Report;
  /** The time for signatures; default: the system time. */
  readonly time?: EmulatedTime;
}

/** The SDK would reject a custom endpoint if these are set in the environment of the developer. */
const CUSTOM_ENDPOINT = { useFipsEndpoint: false, useDualstackEndpoint: false };

export const startStore = ({ dataDirectory, dynamodbEndpoint }: StoreOptions, guard: GuardOptions): Promise<Store> =>
  dynamodbEndpoint ? useExternal(dynamodbEndpoint, guard) : startDynalite(dataDirectory, guard);

async function useExternal(endpoint: string, { guardData, report, time }: GuardOptions): Promise<Store> {
  const { region } = guardData.place;
  const isLocal = /^(localhost|127\.|\[::1\])/.test(new URL(endpoint).host);
  const client = new DynamoDBClient({
    ...CUSTOM_ENDPOINT,
    endpoint,
    region,
    ...(isLocal && { credentials: localCredentials() }),
  });
  const allowsHost = allowsNames(dynamodbNames(guardData.place));
  let guard = createDynamodbGuard(guardData, report, time);
  const proxy = await startSigningProxy({ url: endpoint, client, allowsHost }, (request) => guard(request));
  return {
    url: proxy.url,
    client,
    description: endpoint,
    broken: new Promise(() => undefined),
    async authorizeBy(next) {
      guard = createDynamodbGuard(next, report, time);
    },
    async stop() {
      client.destroy();
      await proxy.stop();
    },
  };
}

async function startDynalite(dataDirectory: string | undefined, guard: GuardOptions): Promise<Store> {
  const { guardData, report, time = new EmulatedTime() } = guard;
  const path = dataDirectory && join(dataDirectory, "dynamodb");
  const { region } = guardData.place;
  const workerData: DynaliteData = { guardData, path, time: time.buffer };
  const code = threadModule("./dynalite-thread", import.meta.url);
  // The thread gets no other variables of this process. dynalite uses the region in the ARNs of tables.
  const thread = new Worker(code, { eval: true, workerData, env: { AWS_REGION: region } });
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  const broken = new Promise<never>((_, reject) => thread.once("error", (fault) => reject(failure(fault, path))));
  const [{ port }] = await Promise.race([once(thread, "message"), broken]);
  let onAuthorized = (): void => undefined;
  thread.on("message", (message: DynaliteMessage) => {
    if ("report" in message) report(message.report, message.denial);
    if ("authorized" in message) onAuthorized();
  });
  const post = (command: DynaliteCommand): void => thread.postMessage(command);
  const url = `http://${LOOPBACK}:${port}`;
  const client = new DynamoDBClient({ ...CUSTOM_ENDPOINT, endpoint: url, region, credentials: localCredentials() });
  return {
    url,
    client,
    description: dataDirectory ? `dynalite, in ${dataDirectory}` : "dynalite, in memory",
    broken,
    async authorizeBy(next) {
      const authorized = new Promise<void>((resolve) => (onAuthorized = resolve));
      post({ authorizeBy: next });
      await Promise.race([authorized, broken]);
    },
    async stop() {
      client.destroy();
      post("stop");
      await exited;
    },
  };
}

/** dynalite's error for a store that cannot be opened does not contain the reason. */
function failure({ message }: Error, path: string | undefined): Error {
  if (!path || !/^Database is (closed|not open)/.test(message)) {
    return new Error(`The embedded DynamoDB failed: ${message}. Restart the emulator.`);
  }
  return new Error(
    `The tables in ${path} cannot be opened. Probably another emulator uses them: stop it, or pass another folder with --data. Otherwise restore the folder from a copy, or delete it to start without data.`,
  );
}
