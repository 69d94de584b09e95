import { setTimeout as sleep } from "node:timers/promises";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";

/** The stage admits 100 handshakes a second, so handshakes are spread over time, and retried after a 429. */
const HANDSHAKES_AT_ONCE = 40;

/** Connects many clients. */
export async function connectMany(url: string, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  const remaining = Array.from({ length: count }).values();
  const workers = Array.from({ length: HANDSHAKES_AT_ONCE }, async () => {
    for (const _ of remaining) clients.push(await connectWithRetry(url));
  });
  await Promise.all(workers);
  return clients;
}

async function connectWithRetry(url: string): Promise<Client> {
  for (;;) {
    try {
      return await connect(url);
    } catch (fault) {
      if (!/ 429$/.test((fault as Error).message)) throw fault;
      await sleep(500 * (1 + Math.random()));
    }
  }
}
