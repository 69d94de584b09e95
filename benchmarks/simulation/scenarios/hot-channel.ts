import { openAccount, type Usage } from "../account.ts";
import { quantileOf } from "../deliveries.ts";
import { SimulatedChat } from "../simulated-chat.ts";
import { fill } from "./large-channel.ts";

export interface HotChannel {
  readonly members: number;
  /** Messages per second times members. */
  readonly pushesPerSecond: number;
  /** Of all deliveries, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The share of messages that quotas refused. */
  readonly refusedShare: number;
  readonly usage: Usage;
}

const SECONDS = 20;

/** Sends messages to a channel at regular intervals. */
export async function sendSteadily(options: {
  readonly members: number;
  readonly pushesPerSecond: number;
}): Promise<HotChannel> {
  const { members, pushesPerSecond } = options;
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  const messages = Math.max(1, Math.round((SECONDS * pushesPerSecond) / members));
  let refused = 0;
  for (let message = 0; message < messages; message += 1) {
    account.clock.after((message * SECONDS * 1000) / messages, () => {
      void chat.sendMessage().then((isSent) => {
        if (!isSent) refused += 1;
      });
    });
  }
  await account.clock.run();
  const times = Float64Array.from(chat.deliveries.flatMap((delivery) => [...delivery.times()]));
  return {
    members,
    pushesPerSecond,
    p50: quantileOf(times, 0.5),
    p99: quantileOf(times, 0.99),
    refusedShare: refused / messages,
    usage: account.usage,
  };
}
