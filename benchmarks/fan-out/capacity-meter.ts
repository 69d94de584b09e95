import { Agent, createServer, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { close, readBody } from "@serverless-chat/emulator/http-server";
import { monotonic } from "../harness/measurement.ts";

/** The units that DynamoDB bills for an on-demand table. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

/** The monotonic times at which a request arrived and its response was sent. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface CapacityMeter {
  readonly url: string;
  /** Returns the units consumed since the last call. */
  takeUnits(): Units;
  /** Returns the requests since the last call. */
  takeRequests(): readonly Span[];
  stop(): Promise<void>;
}

const READS = /\.(GetItem|BatchGetItem|Query|Scan)$/;

/** Starts a proxy in front of DynamoDB that adds up the capacity each request consumes. */
export async function startCapacityMeter(url: string, tls?: SecureContextOptions): Promise<CapacityMeter> {
  let units = { reads: 0, writes: 0 };
  let requests: Span[] = [];
  const agent = new Agent({ keepAlive: true });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A function that starts opens a connection with a request that does nothing.
    if (request.method === "GET") return void response.end();
    const from = monotonic();
    const input = JSON.parse(String(await readBody(request)));
    const result = await forward({ url, agent, headers: request.headers, input });
    const text = String(await readBody(result));
    units = plus(units, consumedBy(String(request.headers["x-amz-target"]), input, JSON.parse(text)));
    requests.push({ from, to: monotonic() });
    response.writeHead(result.statusCode ?? 500, result.headers).end(text);
  };
  const server = tls ? createTlsServer(tls, respond) : createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeUnits() {
      const taken = units;
      units = { reads: 0, writes: 0 };
      return taken;
    },
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    async stop() {
      agent.destroy();
      await close(server);
    },
  };
}

interface ForwardOptions {
  readonly url: string;
  readonly agent: Agent;
  readonly headers: IncomingMessage["headers"];
  readonly input: object;
}

/** Asks for the consumed capacity as well. Clients ignore the additional field of the response. */
function forward({ url, agent, headers, input }: ForwardOptions): Promise<IncomingMessage> {
  const body = JSON.stringify({ ...input, ReturnConsumedCapacity: "TOTAL" });
  const own = { ...headers, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    open(url, { method: "POST", agent, headers: own }, resolve).once("error", reject).end(body);
  });
}

interface Consumed {
  readonly CapacityUnits?: number;
}

interface TableResponse {
  readonly __type?: string;
  /** A batch has a list, with one element for each table. */
  readonly ConsumedCapacity?: Consumed | readonly Consumed[];
}

/**
 * A write that its condition refuses is billed by the size of the existing item. The response has no units, and no such item
 * of the chat is larger than 1 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const REFUSED_WRITE = 1;

const isRefusal = ({ __type = "" }: TableResponse): boolean => __type.endsWith("#ConditionalCheckFailedException");

/** For a query without results, dynalite reports no units, but AWS bills the smallest read. */
function consumedBy(target: string, { ConsistentRead }: { ConsistentRead?: boolean }, result: TableResponse): Units {
  const [consumed = {}] = [result.ConsumedCapacity ?? []].flat();
  const { CapacityUnits = isRefusal(result) ? REFUSED_WRITE : 0 } = consumed;
  return READS.test(target)
    ? { reads: Math.max(CapacityUnits, ConsistentRead ? 1 : 0.5), writes: 0 }
    : { reads: 0, writes: CapacityUnits };
}

const plus = (one: Units, other: Units): Units => ({
  reads: one.reads + other.reads,
  writes: one.writes + other.writes,
});
