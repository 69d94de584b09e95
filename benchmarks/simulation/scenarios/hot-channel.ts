import { openAccount, type Usage } from "../account.ts";
import { SimulatedChat } from "../simulated-chat.ts";
import { quantile } from "../deliveries.ts";
import { fill } from "./large-channel.ts";

export interface HotChannel {
  readonly members: number;
  /** What is said in a second, times who hears it. */
  readonly pushesPerSecond: number;
  /** Of all deliveries, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The share of messages that the account's quotas kept from being said. */
  readonly unsaid: number;
  readonly usage: Usage;
}

const SECONDS = 20;

/** Messages at even distances for a while. */
export async function keepTalking(options: {
  readonly members: number;
  readonly pushesPerSecond: number;
}): Promise<HotChannel> {
  const { members, pushesPerSecond } = options;
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  const messages = Math.max(1, Math.round((SECONDS * pushesPerSecond) / members));
  let unsaid = 0;
  for (let message = 0; message < messages; message += 1) {
    account.clock.after((message * SECONDS * 1000) / messages, () => {
      void chat.say().then((isSaid) => {
        if (!isSaid) unsaid += 1;
      });
    });
  }
  await account.clock.run();
  const times = Float64Array.from(chat.deliveries.flatMap((said) => [...said.times()]));
  return {
    members,
    pushesPerSecond,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    unsaid: unsaid / messages,
    usage: account.usage,
  };
}
