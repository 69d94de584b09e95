import type { Shard } from "./channel.ts";
import { type Connected, type Member, mayBeOpening } from "./connection.ts";
import { type ForgetPorts, forget } from "./forget.ts";
import { encode } from "./frames.ts";
import type { Members, Now, Push } from "./ports.ts";
import { type ServerFrame, SUBPROTOCOL } from "./protocol.ts";

/** Pushes under way at once. Beyond about this many, one Lambda's CPU is the limit and not the waiting. */
const PUSHES_AT_ONCE = 32;

export interface FanOutPorts extends ForgetPorts {
  readonly members: Pick<Members, "pages" | "remove">;
  readonly push: Push;
  readonly now: Now;
}

/** What a fan-out came to. The three numbers add up to those who were to hear of it. */
export interface Tally {
  delivered: number;
  gone: number;
  failed: number;
  /** Names of the faults behind `failed`, each once. */
  faults: string[];
}

export interface FannedOut {
  readonly tally: Tally;
  /** Connections that turned out to be gone, and that nobody had removed before. */
  readonly departed: Connected[];
}

/** A frame for members of a shard. */
export interface Delivery {
  readonly shard: Shard;
  readonly frame: ServerFrame;
}

/** Delivers a frame to everybody in a shard. One member's fault never keeps it from the others. */
export async function fanOut(ports: FanOutPorts, delivery: Delivery): Promise<FannedOut> {
  const result = nothingYet();
  for await (const page of ports.members.pages(delivery.shard)) await deliverAll(ports, { ...delivery, page }, result);
  return result;
}

export const nothingYet = (): FannedOut => ({
  tally: { delivered: 0, gone: 0, failed: 0, faults: [] },
  departed: [],
});

/** Delivers a frame to a page of members, each in its own form, and to nobody who has no form for it. */
export async function deliverAll(
  ports: FanOutPorts,
  { shard, frame, page }: Delivery & { readonly page: readonly Member[] },
  result: FannedOut,
): Promise<void> {
  const [plain, json] = [encode(frame, "plain"), encode(frame, SUBPROTOCOL)];
  await inParallel(page, async (member) => {
    const text = member.protocol === "plain" ? plain : json;
    if (text !== undefined) await deliver(ports, { shard, text, member }, result);
  });
}

/** Runs `task` over the items, a bounded number at once: the runners share one iterator. */
async function inParallel<Item>(items: readonly Item[], task: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const runners = Array.from({ length: PUSHES_AT_ONCE }, async () => {
    for (const item of queue) await task(item);
  });
  await Promise.all(runners);
}

async function deliver(
  ports: FanOutPorts,
  { shard, text, member }: { readonly shard: Shard; readonly text: string; readonly member: Member },
  { tally, departed }: FannedOut,
): Promise<void> {
  try {
    const outcome = await ports.push(member.id, text);
    const isGone = outcome === "gone" && !mayBeOpening(member, ports.now());
    const connected = isGone ? await removeGone(ports, shard, member) : undefined;
    if (connected) departed.push(connected);
    tally[outcome] += 1;
  } catch (fault) {
    tally.failed += 1;
    const name = fault instanceof Error ? fault.name : String(fault);
    if (!tally.faults.includes(name)) tally.faults.push(name);
  }
}

/** The member first and by itself: its connection may long be gone from the table, and would not tell. */
async function removeGone(ports: FanOutPorts, shard: Shard, { id }: Member): Promise<Connected | undefined> {
  await ports.members.remove(shard, id);
  return forget(ports, id);
}
