import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Closed, connect } from "@serverless-chat/emulator/testing/client";
import { type Handshake, shakeHands } from "../support/raw-websocket.ts";
import { REGION } from "./fixture/place.ts";
import type { StackName } from "./fixture/stacks.ts";
import type { Authorization, Kept, Order, ProbeEvent } from "./probes/order.ts";
import { type Response, type SignedRequest, send } from "./signed-request.ts";
import { type Address, addressOf, isAws, isPlayed } from "./target.ts";

/** How long a test waits for an event. $disconnect and the network can take seconds. */
const PATIENCE_MILLISECONDS = 20_000;

const CLOSING_MILLISECONDS_MAX = 5_000;

export interface Approach {
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
const ADMITTED: Partial<Record<StackName, Approach>> = {
  authorizer: { query: { token: "t" }, headers: { Auth: "a" } },
};

/** A client with its connection id. */
export interface Member {
  readonly client: Client;
  readonly connectionId: string;
}

/** A stage of the fixture, as tests use it. */
export class Stage {
  readonly #address: () => Promise<Address>;
  readonly #admitted: Approach;
  readonly #clients: Client[] = [];

  constructor(address: () => Promise<Address>, admitted: Approach = {}) {
    this.#address = address;
    this.#admitted = admitted;
  }

  /** The URL of a handshake. */
  async url({ path = "", query, order, authorize }: Approach = {}): Promise<string> {
    const asked = { order: order && JSON.stringify(order), authorize: authorize && JSON.stringify(authorize) };
    const search = new URLSearchParams(given({ ...this.#admitted.query, ...asked, ...query }));
    const address = `${(await this.#address()).url}${path}`;
    return search.size > 0 ? `${address}${path.includes("?") ? "&" : "?"}${search}` : address;
  }

  /** Connects a client that is closed after the test. */
  async connect(approach: Approach = {}): Promise<Client> {
    const { subprotocols = [] } = approach;
    const client = await connect(await this.url(approach), { subprotocols, headers: this.#headers(approach) });
    this.#clients.push(client);
    return client;
  }

  async join(approach: Approach = {}): Promise<Member> {
    const client = await this.connect(approach);
    const { requestContext } = await this.ask<ProbeEvent>(client, {});
    return { client, connectionId: requestContext.connectionId };
  }

  /** The raw handshake. */
  async shake(approach: Approach = {}): Promise<Handshake> {
    const handshake = await shakeHands(await this.url(approach), { headers: this.#headers(approach) });
    handshake.socket?.on("error", () => undefined);
    return handshake;
  }

  /** The status of the response to a handshake. */
  async status(approach: Approach = {}): Promise<number> {
    const { status, socket } = await this.shake(approach);
    socket?.destroy();
    return status;
  }

  /** Sends an order and returns the JSON of the next frame. */
  async ask<Answer>(client: Client, order: Order, action = "answer"): Promise<Answer> {
    client.send(asking(action, order));
    return JSON.parse(await client.next());
  }

  /** The records with a key, once there are as many as expected. */
  async recall<Event = ProbeEvent>(key: string, count = 1): Promise<[Kept<Event>, ...Kept<Event>[]]> {
    const client = await this.connect();
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while (Date.now() < end) {
      const kept = await this.ask<Kept<Event>[]>(client, { recall: key });
      if (kept.length >= count) return kept as [Kept<Event>, ...Kept<Event>[]];
      await sleep(50);
    }
    throw new Error(`${count} events of ${key} were expected, and did not come.`);
  }

  /** The records with a key so far. */
  async recallNow(key: string): Promise<Kept[]> {
    return this.ask(await this.connect(), { recall: key });
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

  async leave(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  #headers({ headers }: Approach): Record<string, string> {
    return Object.fromEntries(given({ ...this.#admitted.headers, ...headers }));
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
export const asking = (action: string, order: Order = {}): object => ({ action, service: "svc", order });

/** A key without records. */
export const newKey = (): string => randomUUID();

/** Tests on one stack of the fixture. Skipped if the target has only the main one. */
export function on(stack: StackName, define: (stage: Stage) => void): void {
  if (!isPlayed(stack)) return;
  describe(`on the stack ${stack}`, () => {
    const stage = new Stage(() => addressOf(stack), ADMITTED[stack]);
    define(stage);
    afterEach(() => stage.leave());
  });
}
