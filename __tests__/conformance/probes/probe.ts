import "./require.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../signed-request.ts";
import type { CallOutcome, Order, ProbeEvent } from "./order.ts";
import { addRecord, readRecords } from "./records.ts";

const ENDPOINT = process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI;

/** The function of every route of the fixture. It carries out the order in its event. */
export async function handler(event: ProbeEvent): Promise<unknown> {
  const { eventType, connectionId } = event.requestContext;
  if (eventType === "DISCONNECT") {
    await addRecord(connectionId, { event, calls: [] }, eventType);
    throw new Error("DISCONNECT fails on purpose: no client receives its answer (DC-06).");
  }
  const order = orderOf(event);
  await wait(order);
  const calls: CallOutcome[] = [];
  for (const call of order.calls ?? []) calls.push(await callConnections(call, connectionId));
  if (order.record) await addRecord(order.record, { event, calls }, eventType);
  if (order.throws) throw new Error(order.throws);
  return "result" in order
    ? order.result
    : { statusCode: 200, body: JSON.stringify(await responseTo(order, event, calls)) };
}

/**
 * From the query string of the handshake, or from the message. The event's type decides, not the presence of a body. A
 * gateway that sends a body with CONNECT therefore fails only the rule about that.
 */
function orderOf({ requestContext: { eventType }, queryStringParameters, body }: ProbeEvent): Order {
  try {
    if (eventType === "CONNECT") return JSON.parse(queryStringParameters?.order ?? "{}");
    return JSON.parse(body ?? "{}").order ?? {};
  } catch {
    return {};
  }
}

async function wait({ awaits, sleepMilliseconds = 0 }: Order): Promise<void> {
  while (awaits && (await readRecords(awaits)).length === 0) await sleep(50);
  await sleep(sleepMilliseconds);
}

async function responseTo(order: Order, event: ProbeEvent, calls: readonly CallOutcome[]): Promise<unknown> {
  if (order.recall) return readRecords(order.recall);
  return order.calls ? calls : event;
}

type Call = NonNullable<Order["calls"]>[number];

async function callConnections({ method, to, data = "" }: Call, own: string): Promise<CallOutcome> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION = "" } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  };
  const url = `${ENDPOINT}/@connections/${encodeURIComponent(to ?? own)}`;
  const { status, headers, body } = await send(url, { method, body: data, credentials, region: AWS_REGION });
  return { status, errorType: headers["x-amzn-errortype"] as string | undefined, body };
}
