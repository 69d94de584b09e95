import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Closed, connect } from "@serverless-chat/emulator/testing/client";
import type { Test } from "mocha";
import { type Handshake, shakeHands } from "../support/raw-websocket.ts";
import { REGION } from "./fixture/fixture-environment.ts";
import type { StackName } from "./fixture/stacks.ts";
import type { Authorization, Order, ProbeEvent, ProbeRecord } from "./probes/order.ts";
import { type Response, type SignedRequest, send } from "./signed-request.ts";
import { type Address, addressOf, isAws, isTested } from "./target.ts";

/** How long a test waits for an event. $disconnect and the network can take seconds. */
const PATIENCE_MILLISECONDS = 20_000;

const CLOSING_MILLISECONDS_MAX = 5_000;

export interface HandshakeOptions {
  /** The path after the stage, optionally with a query string. */
  readonly path?: string;
  /** Undefined omits it. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly order?: Order;
  readonly authorize?: Authorization;
  readonly subprotocols?: string[];
}

/** What a client needs to connect, if anything. */
const REQUIRED: Partial<Record<StackName, HandshakeOptions>> = {
  authorizer: { query: { token: "t" }, headers: { Auth: "a" } },
};

/** A client with its connection id. */
export interface ProbeClient {
  readonly client: Client;
  readonly connectionId: string;
}

/** A stage of the fixture, as tests use it. */
export class Stage {
  readonly #address: () => Promise<Address>;
  readonly #required: HandshakeOptions;
  readonly #clients: Client[] = [];

  constructor(address: () => Promise<Address>, required: HandshakeOptions = {}) {
    this.#address = address;
    this.#required = required;
  }

  /** The URL of a handshake. */
  async url({ path = "", query, order, authorize }: HandshakeOptions = {}): Promise<string> {
    const asked = { order: order && JSON.stringify(order), authorize: authorize && JSON.stringify(authorize) };
    const search = new URLSearchParams(given({ ...this.#required.query, ...asked, ...query }));
    const address = `${(await this.#address()).url}${path}`;
    return search.size > 0 ? `${address}${path.includes("?") ? "&" : "?"}${search}` : address;
  }

  /** Connects a client that is closed after the test. */
  async connect(options: HandshakeOptions = {}): Promise<Client> {
    const { subprotocols = [] } = options;
    const client = await connect(await this.url(options), { subprotocols, headers: this.#headers(options) });
    this.#clients.push(client);
    return client;
  }

  async join(options: HandshakeOptions = {}): Promise<ProbeClient> {
    const client = await this.connect(options);
    const { requestContext } = await this.request<ProbeEvent>(client, {});
    return { client, connectionId: requestContext.connectionId };
  }

  /** The raw handshake. */
  async handshake(options: HandshakeOptions = {}): Promise<Handshake> {
    const handshake = await shakeHands(await this.url(options), { headers: this.#headers(options) });
    handshake.socket?.on("error", () => undefined);
    return handshake;
  }

  /** The status of the response to a handshake. */
  async status(options: HandshakeOptions = {}): Promise<number> {
    const { status, socket } = await this.handshake(options);
    socket?.destroy();
    return status;
  }

  /** Sends an order and returns the JSON of the next frame. */
  async request<Answer>(client: Client, order: Order, action = "answer"): Promise<Answer> {
    client.send(messageFor(action, order));
    return JSON.parse(await client.next());
  }

  /** The records with a key, once there are as many as expected. */
  async records<Event = ProbeEvent>(key: string, count = 1): Promise<[ProbeRecord<Event>, ...ProbeRecord<Event>[]]> {
    const client = await this.connect();
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while (Date.now() < end) {
      const found = await this.request<ProbeRecord<Event>[]>(client, { recall: key });
      if (found.length >= count) return found as [ProbeRecord<Event>, ...ProbeRecord<Event>[]];
      await sleep(50);
    }
    throw new Error(`Expected ${count} records with the key ${key} within ${PATIENCE_MILLISECONDS} ms.`);
  }

  /** The records with a key so far. */
  async recordsSoFar(key: string): Promise<ProbeRecord[]> {
    return this.request(await this.connect(), { recall: key });
  }

  /** The URL before `/@connections`. */
  async managementUrl(): Promise<string> {
    return (await this.#address()).managementUrl;
  }

  /** Sends a request below the management URL, signed by default. */
  async send(path: string, request: Partial<SignedRequest> = {}): Promise<Response> {
    const url = await this.managementUrl();
    return send(`${url}${path}`, { credentials, region: regionOf(url), ...request });
  }

  /** Calls `@connections` like an SDK. */
  call(method: string, connectionId: string, body?: string | Buffer): Promise<Response> {
    return this.send(at(connectionId), { method, ...(body !== undefined && { body }) });
  }

  async closeClients(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  #headers({ headers }: HandshakeOptions): Record<string, string> {
    return Object.fromEntries(given({ ...this.#required.headers, ...headers }));
  }
}

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;

/** The region for signatures. The URLs of AWS contain it. */
export const regionOf = (url: string): string => /\.execute-api\.([\w-]+)\./.exec(url)?.[1] ?? REGION;

/** The credentials: from the environment on AWS, the developer's on the emulator. */
export const credentials = isAws
  ? {
      accessKeyId: AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    }
  : { accessKeyId: "local", secretAccessKey: "local" };

const given = (values: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);

/** The close frame that a client receives. Rejects if the connection stays open. */
export const closing = ({ closed }: Client): Promise<Closed> => Promise.race([closed, staysOpen()]);

async function staysOpen(): Promise<never> {
  await sleep(CLOSING_MILLISECONDS_MAX, undefined, { ref: false });
  throw new Error("The connection is still open.");
}

/** The status, error type and body of a response. */
export const outcome = ({ status, headers, body }: Response) => [status, headers["x-amzn-errortype"], body];

/** The path of a connection, as SDKs encode it (MG-03). */
export const at = (connectionId: string): string => `/@connections/${encodeURIComponent(connectionId)}`;

/** A frame for a route of any stack. */
export const messageFor = (action: string, order: Order = {}): object => ({ action, service: "svc", order });

/** A new key for records. */
export const newKey = (): string => randomUUID();

/** Tests on one stack of the fixture. Skipped if the target has only the main one. */
export function on(stack: StackName, define: (stage: Stage) => void): void {
  if (!isTested(stack)) return;
  describe(`on the stack ${stack}`, () => {
    const stage = new Stage(() => addressOf(stack), REQUIRED[stack]);
    define(stage);
    afterEach(() => stage.closeClients());
  });
}

/** A failed test of a soft rule, which does not fail the run. */
export interface SoftTest extends Test {
  softFault?: unknown;
}

/** Tests an assumed rule, which was never observed on AWS. A failure on AWS is listed, and does not fail the run. */
export function soft(title: string, test: () => Promise<void>): void {
  it(`${title} [soft]`, async function () {
    try {
      await test();
    } catch (fault) {
      if (!isAws) throw fault;
      (this.test as SoftTest).softFault = fault;
    }
  });
}

/** The events of one connection, from the handshake to `$disconnect`. */
export async function eventsOfConnection(stage: Stage, headers: Record<string, string> = {}) {
  const key = newKey();
  const { client, connectionId } = await stage.join({ order: { record: key }, headers });
  const message = await stage.request<ProbeEvent>(client, {});
  await client.close();
  const [{ event: connected }] = await stage.records(key);
  const [{ event: disconnected }] = await stage.records(connectionId);
  return { CONNECT: connected, MESSAGE: message, DISCONNECT: disconnected };
}
