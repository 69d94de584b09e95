import type { ProbeEvent } from "./probes/order.ts";
import { newKey, type Stage } from "./stage.ts";

/** The events of one connection from its beginning to its end. */
export async function lifeOf(stage: Stage, headers: Record<string, string> = {}) {
  const key = newKey();
  const { client, connectionId } = await stage.join({ order: { record: key }, headers });
  const message = await stage.ask<ProbeEvent>(client, {});
  await client.close();
  const [{ event: connected }] = await stage.recall(key);
  const [{ event: left }] = await stage.recall(connectionId);
  return { CONNECT: connected, MESSAGE: message, DISCONNECT: left };
}
