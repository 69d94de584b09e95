import { shardsNeeded } from "../../../chat/fan-out/growth.ts";
import { openAccount, type Usage } from "../account.ts";
import type { Assumptions } from "../assumptions.ts";
import { SimulatedChat } from "../simulated-chat.ts";
import { quantile } from "../deliveries.ts";
import type { Quotas } from "../quotas.ts";
import { seeded } from "../random.ts";

export interface Broadcast {
  readonly members: number;
  readonly shards: number;
  /** From the sender's frame on, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
  /** What the account's quota allows at best. */
  readonly floor: number;
  /** Members whom it reached once, more often, and never. */
  readonly once: number;
  readonly again: number;
  readonly never: number;
  /** Of frames that others send meanwhile, the share that the quota refuses. */
  readonly othersRefused: number;
  /** The longest chain of functions that handed on a part of the audience. */
  readonly hops: number;
  readonly usage: Usage;
}

export interface BroadcastOptions {
  readonly members: number;
  readonly quotas?: Partial<Quotas>;
  readonly assumptions?: Partial<Assumptions>;
}

const SEED = 1;

/** From nothing up to this, and by a randomness of their own: whoever came in step would meet the bucket full or empty. */
const OTHERS_WAIT_MILLISECONDS_MAX = 40;

/** One message to a channel that has grown as it filled, with all functions cold. */
export async function broadcast({ members, ...options }: BroadcastOptions): Promise<Broadcast> {
  const account = openAccount({ seed: SEED, ...options });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  void chat.say();
  const [said] = chat.deliveries;
  if (!said) throw new Error("Nothing was said.");
  const others = { refused: 0, sent: 0 };
  const random = seeded(members);
  const sendAnother = (): void => {
    if (said.isHeardByAll()) return;
    others.sent += 1;
    if (!chat.admitsAnother()) others.refused += 1;
    account.clock.after(random() * OTHERS_WAIT_MILLISECONDS_MAX, sendAnother);
  };
  sendAnother();
  await account.clock.run();
  const times = said.times();
  const { perSecond, burst } = account.quotas.requests;
  return {
    members,
    shards: chat.audience.shards.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    last: quantile(times, 1),
    floor: (Math.max(0, members - burst) / perSecond) * 1000,
    once: said.reached(1),
    never: said.reached(0),
    again: members - said.reached(1) - said.reached(0),
    othersRefused: others.refused / others.sent,
    hops: chat.hops,
    usage: account.usage,
  };
}

/** A channel with messages often enough while it fills: whenever one of its newest shards is full, it grows. */
export function fill({ audience }: Pick<SimulatedChat, "audience">, members: number): void {
  while (audience.size < members) {
    const shard = audience.shardForNext();
    audience.add(shard);
    audience.grow(shardsNeeded(shard, audience.shards[shard]?.length ?? 0));
  }
}
