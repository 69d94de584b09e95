import { type Account, openAccount } from "../simulation/account.ts";
import { quantileOf } from "../simulation/deliveries.ts";
import { fill } from "../simulation/scenarios/large-channel.ts";
import { SimulatedChat } from "../simulation/simulated-chat.ts";

/** What warm functions consume for one message or handshake. */
export interface Work {
  readonly invocations: number;
  readonly gigabyteSeconds: number;
}

/** The same for a message, with the time until its last delivery. */
export interface Delivery extends Work {
  readonly lastSeconds: number;
}

/** Simulates a message. */
export async function workOfMessage(audience: number): Promise<Delivery> {
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  fill(chat, audience);
  const work = await secondRun(account, () => chat.sendMessage());
  const times = chat.deliveries.at(-1)?.times() ?? new Float64Array();
  return { ...work, lastSeconds: quantileOf(times, 1) / 1000 };
}

/** Simulates `$connect`. `$disconnect` consumes about the same. */
export function workOfHandshake(): Promise<Work> {
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  return secondRun(account, () => chat.connect());
}

/** Runs an action twice and returns what the second run consumes. The first run cold-starts the functions. */
export async function secondRun(account: Account, act: () => Promise<unknown>): Promise<Work> {
  void act();
  await account.clock.run();
  const { invocations, gigabyteSeconds } = account.usage;
  void act();
  await account.clock.run();
  return {
    invocations: account.usage.invocations - invocations,
    gigabyteSeconds: account.usage.gigabyteSeconds - gigabyteSeconds,
  };
}
