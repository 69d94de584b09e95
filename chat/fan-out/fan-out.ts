import { SHARD_MEMBERS } from "../channel.ts";
import type { Recipient } from "../connection.ts";
import type { Channels } from "../ports.ts";
import { sayEveryFarewell } from "../presence/farewell.ts";
import type { PresencePorts } from "../presence/presence.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { faultsIn, note, type Tally } from "./delivery.ts";
import { isOver, leaveTo, pushTo, type Run, retryUndelivered, startRun } from "./fan-out-run.ts";
import { isGrowthDue, shardsNeeded, shardsProvenBy } from "./growth.ts";
import { type HandOverPorts, handOverAll } from "./hand-over.ts";
import { eachPage } from "./pages.ts";
import { closingStalled, type StalledPorts } from "./stalled.ts";
import { type FanOutTask, RECIPIENTS_MAX, tasksFor } from "./tasks.ts";

/**
 * A channel that fills faster than messages are sent to it grows too late, and has shards of tens of thousands. Beyond this
 * number, a function only reads, which is four times as fast, and leaves the pushes to other functions.
 */
const OWN_MEMBERS_MAX = 2 * SHARD_MEMBERS;

export interface FanOutPorts extends PresencePorts, HandOverPorts {
  readonly channels: Pick<Channels, "grow">;
}

/** In epoch milliseconds: when Lambda ends the function. */
interface Until {
  readonly deadline: number;
}

/** The pushes are done, once to each recipient. `unread`: tasks for the part of the shard that was not read. */
interface Pushed {
  readonly run: Run;
  readonly unread: readonly FanOutTask[];
}

/** A frame for everybody in a channel. */
interface Broadcast extends Until {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** The shard of a member that sends it. */
  readonly senderShard?: number;
}

/**
 * Delivers a frame to all members of a channel: to its first shard here, and to each other shard by a function of its own.
 * Pushes once to each member. Retries are left to the worker, because the sender waits for this function.
 */
export async function fanOut(
  ports: FanOutPorts,
  { channel, frame, deadline, senderShard = 0 }: Broadcast,
): Promise<Tally> {
  const proven = senderShard > 0 ? { proven: shardsProvenBy(senderShard) } : {};
  const task = { frame, shard: { channel, shard: 0 }, shards: 1, ...proven };
  const pushed = await deliverShard(ports, { task, deadline });
  await handOverRest(ports, pushed);
  countTime(ports, pushed.run);
  return finish(ports, pushed.run);
}

/** If Lambda rejects the task, retries here. Throws if that does not reach everybody either: the client then repeats. */
async function handOverRest(ports: FanOutPorts, { run, unread }: Pushed): Promise<void> {
  const { task, waiting, delivery } = run;
  try {
    await handOverAll(ports, { from: task, tasks: [...unread, ...tasksFor(task, waiting)] });
    delivery.tally.handedOver += waiting.length;
  } catch (fault) {
    note(delivery.tally, fault);
    if (unread.length > 0 || (await retryUndelivered(ports, run)).length > 0) throw fault;
  }
}

/**
 * Delivers what another function has left, with retries, closes connections whose clients do not read, and hands on what
 * could not be delivered. Throws if that is the whole task: Lambda then retries it, and at last sends it to the failure
 * destination.
 */
export async function resume(ports: FanOutPorts & StalledPorts, task: FanOutTask, { deadline }: Until): Promise<Tally> {
  const { run, unread } = await (task.recipients
    ? deliverTo(ports, { task, recipients: task.recipients, deadline })
    : deliverShard(ports, { task, deadline }));
  const left = [...unread, ...(await retryUndelivered(ports, run, closingStalled(ports)))];
  countTime(ports, run);
  if (left.some((each) => isAllOf(task, each))) throw new Undelivered(run.delivery.tally);
  await handOverAll(ports, { from: task, tasks: left });
  return finish(ports, run);
}

const countTime = ({ count, now }: FanOutPorts, { startedAt }: Run): void => count("FanOutTime", now() - startedAt);

/** Farewells come last, and in time: if Lambda ended the function during them, the frame would be delivered again. */
async function finish(ports: FanOutPorts, { delivery, departed, stopAt, task }: Run): Promise<Tally> {
  const { tally } = delivery;
  if (ports.now() >= stopAt || departed.length === 0) return tally;
  try {
    const { farewellFault } = await sayEveryFarewell(ports, departed, task);
    if (farewellFault !== undefined) note(tally, farewellFault);
  } catch (fault) {
    note(tally, fault);
  }
  return tally;
}

/** No progress was made. */
export class Undelivered extends Error {
  constructor(tally: Tally) {
    super(`None of ${tally.failed} recipients could be reached: ${faultsIn(tally)}`);
    this.name = "Undelivered";
  }
}

/** How far a function has read a shard. */
interface Read extends Pick<FanOutTask, "after" | "shards" | "growth"> {
  readonly members: number;
  readonly isAll: boolean;
}

interface Shipment extends Until {
  readonly task: FanOutTask;
}

async function deliverShard(ports: FanOutPorts, { task, deadline }: Shipment): Promise<Pushed> {
  const run = startRun(ports, { task, deadline });
  const onFault = (fault: unknown): void => note(run.delivery.tally, fault);
  let read: Read = { after: task.after, shards: task.shards, growth: task.growth, members: 0, isAll: false };
  for await (const page of eachPage(ports, { ...task, from: { after: task.after, limit: RECIPIENTS_MAX }, onFault })) {
    const { members, next: after } = page;
    const growth = page.growth ?? read.growth;
    const shards = Math.max(read.shards, growth?.shards ?? 1, task.proven ?? 1);
    // Before the first push: if this fails, the client can repeat the frame.
    await spread(ports, { ...task, shards: read.shards, growth }, shards);
    read = { ...read, shards, growth };
    if (isOver(ports, run)) break;
    await (read.members < OWN_MEMBERS_MAX ? pushTo : leaveTo)(ports, run, members);
    read = { ...read, after, members: read.members + members.length, isAll: after === undefined };
  }
  await growWhenFull(ports, task, read).catch(onFault);
  const { shards, growth, after } = read;
  const unread = read.isAll ? [] : [{ ...task, shards, after, ...(growth && { growth }) }];
  return { run, unread };
}

async function deliverTo(
  ports: FanOutPorts,
  { recipients, ...shipment }: Shipment & { readonly recipients: readonly Recipient[] },
): Promise<Pushed> {
  const run = startRun(ports, shipment);
  await pushTo(ports, run, recipients);
  return { run, unread: [] };
}

/** If the channel has more shards than the task says, hands over the additional ones. */
async function spread(ports: FanOutPorts, task: FanOutTask, all: number): Promise<void> {
  const { frame, shard, shards, growth } = task;
  const others = Array.from({ length: all - shards }, (_, index) => ({ ...shard, shard: shards + index }));
  const tasks = others.map((other) => ({ frame, shard: other, shards: all, ...(growth && { growth }) }));
  await handOverAll(ports, { from: task, tasks });
}

/**
 * Stores what the channel needs, as far as this shard tells: a growth to all the shards at once, a renewal of the growth,
 * or a number of shards that was lost with the channel's item.
 */
async function growWhenFull(
  { channels }: FanOutPorts,
  { shard: { channel, shard }, shards, proven = 1 }: FanOutTask,
  { growth, members }: Read,
): Promise<void> {
  // A channel of one shard has not grown. Tasks of an earlier version do not say how.
  const known = growth ?? { shards, newcomers: shards, isEnding: false };
  const lost = proven > known.shards ? proven : 1;
  const needed = Math.max(shardsNeeded(shard, members), lost);
  if (lost > 1 || isGrowthDue(known, needed)) await channels.grow(channel, needed);
}

const isAllOf = (task: FanOutTask, left: FanOutTask): boolean =>
  task.recipients
    ? left.recipients?.length === task.recipients.length
    : !left.recipients && left.after === task.after && left.shards === task.shards;
