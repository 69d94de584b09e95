import { Agent, createServer, type IncomingMessage, request as open } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "@serverless-chat/emulator/body";

/** What DynamoDB bills for, on demand. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

export interface Meter {
  readonly url: string;
  /** What was consumed since the last time. */
  takeUnits(): Units;
}

const READS = /\.(GetItem|Query|Scan)$/;

/** Stands before a DynamoDB, and asks of each request what it consumes. */
export async function startMeter(url: string): Promise<Meter> {
  let units = { reads: 0, writes: 0 };
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const input = JSON.parse(String(await readBody(request)));
    const answer = await post({ url, agent, headers: request.headers, input });
    const text = String(await readBody(answer));
    units = plus(units, consumedBy(String(request.headers["x-amz-target"]), input, JSON.parse(text)));
    response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeUnits() {
      const taken = units;
      units = { reads: 0, writes: 0 };
      return taken;
    },
  };
}

interface Forwarded {
  readonly url: string;
  readonly agent: Agent;
  readonly headers: IncomingMessage["headers"];
  readonly input: object;
}

/** What the answer to it has more, its reader does not mind. */
function post({ url, agent, headers, input }: Forwarded): Promise<IncomingMessage> {
  const body = JSON.stringify({ ...input, ReturnConsumedCapacity: "TOTAL" });
  const own = { ...headers, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    open(url, { method: "POST", agent, headers: own }, resolve).once("error", reject).end(body);
  });
}

interface Answer {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

/** dynalite counts nothing for a query that finds nothing, where AWS bills the smallest read. */
function consumedBy(target: string, { ConsistentRead }: { ConsistentRead?: boolean }, answer: Answer): Units {
  const { CapacityUnits = 0 } = answer.ConsumedCapacity ?? {};
  return READS.test(target)
    ? { reads: Math.max(CapacityUnits, ConsistentRead ? 1 : 0.5), writes: 0 }
    : { reads: 0, writes: CapacityUnits };
}

const plus = (one: Units, other: Units): Units => ({
  reads: one.reads + other.reads,
  writes: one.writes + other.writes,
});
