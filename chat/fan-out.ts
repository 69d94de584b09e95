import type { Shard } from "./channel.ts";
import { type Connection, mayBeOpening } from "./connection.ts";
import { forget } from "./forget.ts";
import type { Connections, Members, Now, Push } from "./ports.ts";

/** Pushes under way at once. Beyond about this many, one Lambda's CPU is the limit and not the waiting. */
const PUSHES_AT_ONCE = 32;

export interface FanOutPorts {
  readonly connections: Pick<Connections, "remove">;
  readonly members: Pick<Members, "pages" | "remove">;
  readonly push: Push;
  readonly now: Now;
}

/** What a fan-out came to. The three numbers add up to the audience. */
export interface Tally {
  delivered: number;
  gone: number;
  failed: number;
  /** Names of the faults behind `failed`, each once. */
  faults: string[];
}

/** Delivers a frame to everybody in a shard. One member's fault never keeps it from the others. */
export async function fanOut(ports: FanOutPorts, { shard, frame }: { shard: Shard; frame: string }): Promise<Tally> {
  const tally: Tally = { delivered: 0, gone: 0, failed: 0, faults: [] };
  for await (const page of ports.members.pages(shard)) {
    await inParallel(page, (member) => deliver(ports, { shard, frame, member }, tally));
  }
  return tally;
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
  { shard, frame, member }: { shard: Shard; frame: string; member: Connection },
  tally: Tally,
): Promise<void> {
  try {
    const outcome = await ports.push(member.id, frame);
    if (outcome === "gone" && !mayBeOpening(member, ports.now())) await removeGone(ports, { shard, member });
    tally[outcome] += 1;
  } catch (fault) {
    tally.failed += 1;
    const name = fault instanceof Error ? fault.name : String(fault);
    if (!tally.faults.includes(name)) tally.faults.push(name);
  }
}

/** The member first and by itself: its connection may long be gone from the table, and would not tell. */
async function removeGone(ports: FanOutPorts, { shard, member }: { shard: Shard; member: Connection }): Promise<void> {
  await ports.members.remove(shard, member.id);
  await forget(ports, member.id);
}
