import { shardsNeeded } from "../../../chat/fan-out/growth.ts";
import { openAccount, type Usage } from "../account.ts";
import type { Assumptions } from "../assumptions.ts";
import { quantileOf } from "../deliveries.ts";
import type { Quotas } from "../quotas.ts";
import { seeded } from "../random.ts";
import { SimulatedChat } from "../simulated-chat.ts";

export interface Broadcast {
  readonly members: number;
  readonly shards: number;
  /** From sending the frame, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
  /** The shortest time that the quota allows, in milliseconds. */
  readonly floor: number;
  /** Members who received it once, repeatedly and never. */
  readonly once: number;
  readonly again: number;
  readonly never: number;
  /** The share of frames to other APIs of the account that the quota refuses meanwhile. */
  readonly othersRefused: number;
  /** The longest chain of functions that handed over a part of the audience. */
  readonly hops: number;
  readonly usage: Usage;
}

export interface BroadcastOptions {
  readonly members: number;
  readonly quotas?: Partial<Quotas>;
  readonly assumptions?: Partial<Assumptions>;
}

const SEED = 1;

/**
 * The frames of others come at random intervals up to this, because at regular ones they could always find the bucket full
 * or always empty. They have their own random numbers, so that they do not change the delivery.
 */
const OTHERS_INTERVAL_MILLISECONDS_MAX = 40;

/** Sends one message to a channel that grew as it filled. All functions are cold. */
export async function broadcast({ members, ...options }: BroadcastOptions): Promise<Broadcast> {
  const account = openAccount({ seed: SEED, ...options });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  void chat.sendMessage();
  const [delivery] = chat.deliveries;
  if (!delivery) throw new Error("The simulation sent no message.");
  const others = { refused: 0, sent: 0 };
  const random = seeded(members);
  const sendFrameOfOthers = (): void => {
    if (delivery.isComplete()) return;
    others.sent += 1;
    if (!chat.admitsFrameOfOthers()) others.refused += 1;
    account.clock.after(random() * OTHERS_INTERVAL_MILLISECONDS_MAX, sendFrameOfOthers);
  };
  sendFrameOfOthers();
  await account.clock.run();
  const times = delivery.times();
  const { perSecond, burst } = account.quotas.requests;
  return {
    members,
    shards: chat.audience.shards.length,
    p50: quantileOf(times, 0.5),
    p99: quantileOf(times, 0.99),
    last: quantileOf(times, 1),
    floor: (Math.max(0, members - burst) / perSecond) * 1000,
    once: delivery.connectionsThatReceived(1),
    never: delivery.connectionsThatReceived(0),
    again: members - delivery.connectionsThatReceived(1) - delivery.connectionsThatReceived(0),
    othersRefused: others.refused / others.sent,
    hops: chat.hops,
    usage: account.usage,
  };
}

/** Fills a channel. It grows whenever one of its newest shards is full, as if messages were sent all the time. */
export function fill({ audience }: Pick<SimulatedChat, "audience">, members: number): void {
  while (audience.size < members) {
    const shard = audience.shardForNext();
    audience.add(shard);
    audience.grow(shardsNeeded(shard, audience.shards[shard]?.length ?? 0));
  }
}
