import { type Account, openAccount } from "../simulation/account.ts";
import { quantileOf } from "../simulation/deliveries.ts";
import { fill } from "../simulation/scenarios/large-channel.ts";
import { SimulatedChat } from "../simulation/simulated-chat.ts";
import measured from "./units.json" with { type: "json" };

/** The capacity units that one frame consumes. */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

export interface MeasuredCase {
  readonly route: string;
  /** The name in the table of docs/costs.md. */
  readonly case?: string;
}

/** Returns the measured units. Other numbers of members are interpolated or extrapolated linearly. */
export function unitsOf({ route, case: name = "" }: MeasuredCase, members: number): Units {
  const cases = measured
    .filter((one) => one.route === route && one.case === name)
    .sort((a, b) => a.members - b.members);
  const [low, high] = around(cases, members);
  if (!low) throw new Error(`benchmarks/costs/units.json has no units of "${route}" ${name}.`);
  const share = high && high !== low ? (members - low.members) / (high.members - low.members) : 0;
  const at = (kind: keyof Units): number => low[kind] + share * ((high ?? low)[kind] - low[kind]);
  return { writes: at("writes"), reads: at("reads") };
}

function around<Case extends { readonly members: number }>(cases: readonly Case[], members: number) {
  const above = cases.findIndex((one) => one.members >= members);
  const high = above === -1 ? cases.length - 1 : above;
  return [cases[Math.max(0, high - 1)], cases[high]] as const;
}

/** How a chat is used in a month. */
export interface Load {
  /** Concurrent connections. */
  readonly connections: number;
  /** The time that each client is connected per day. */
  readonly hoursPerDay: number;
  readonly daysPerMonth: number;
  /** The messages that each client sends per day. */
  readonly messagesPerDay: number;
  /** The recipients of a message, including the sender. */
  readonly audience: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const CONNECTION_HOURS_MAX = 2;

/** The hours of a month in the AWS Pricing Calculator. */
const MONTH_HOURS = 730;

/** Returns the totals of a month. A connection ends after two hours, and its client reconnects. */
export function monthOf({ connections, hoursPerDay, daysPerMonth, messagesPerDay, audience }: Load) {
  const days = connections * daysPerMonth;
  const sent = days * messagesPerDay;
  return {
    handshakes: days * Math.ceil(hoursPerDay / CONNECTION_HOURS_MAX),
    connectionMinutes: days * hoursPerDay * 60,
    sent,
    /** Frames of clients and pushes. */
    messages: sent * (1 + audience),
    /** The share in which clients are connected. */
    shareOfMonth: (hoursPerDay * daysPerMonth) / MONTH_HOURS,
  };
}

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
