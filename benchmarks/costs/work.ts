import { type Account, openAccount } from "../simulation/account.ts";
import { SimulatedChat } from "../simulation/simulated-chat.ts";
import { quantile } from "../simulation/deliveries.ts";
import { fill } from "../simulation/scenarios/large-channel.ts";

/** What functions do for one thing that happens, once they are warm. */
export interface Work {
  readonly invocations: number;
  readonly gigabyteSeconds: number;
}

/** The same of a message, and when the last of its audience hears it. */
export interface Delivery extends Work {
  readonly lastSeconds: number;
}

/** The chat's own fan-out, simulated. */
export async function workOfMessage(audience: number): Promise<Delivery> {
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  fill(chat, audience);
  const work = await secondTime(account, () => chat.say());
  const times = chat.deliveries.at(-1)?.times() ?? new Float64Array();
  return { ...work, lastSeconds: quantile(times, 1) / 1000 };
}

/** `$connect` as simulated. `$disconnect` does about as much. */
export function workOfHandshake(): Promise<Work> {
  const account = openAccount({ seed: 1 });
  const chat = new SimulatedChat(account);
  return secondTime(account, () => chat.connect());
}

/** The first time starts the functions. */
export async function secondTime(account: Account, act: () => Promise<unknown>): Promise<Work> {
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
