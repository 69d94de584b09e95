import { SHARD_MEMBERS, type Shard } from "./channel.ts";
import { faultsIn, note, type Recipient, type Tally } from "./delivery.ts";
import { type Growth, isGrowthDue, shardsNeeded, shardsProvenBy } from "./growth.ts";
import { type HandOverPorts, handOverAll, RECIPIENTS_MAX } from "./hand-over.ts";
import { insist, isOver, type Leg, leaveTo, legOf, pushTo } from "./leg.ts";
import { eachPage } from "./pages.ts";
import type { Channels } from "./ports.ts";
import { type PresencePorts, sayFarewell } from "./presence.ts";
import type { ServerFrame } from "./protocol.ts";

/**
 * A channel that fills faster than anything is said in it grows too late: its shards hold tens of thousands. Beyond so
 * many, a function only reads, which is four times as fast, and leaves the pushes to others.
 */
const OWN_MEMBERS_MAX = 2 * SHARD_MEMBERS;

export interface FanOutPorts extends PresencePorts, HandOverPorts {
  readonly channels: Pick<Channels, "grow">;
}

/** A frame for a part of an audience. */
export interface FanOutTask {
  readonly frame: ServerFrame;
  readonly shard: Shard;
  /** How many shards of the channel are seen to: this one, and others by other tasks. */
  readonly shards: number;
  /** How the channel has grown, as the function read it that split the fan-out. */
  readonly growth?: Growth | undefined;
  /** How many shards the channel has in any case, even if its item is lost: the sender is a member of the last ones. */
  readonly proven?: number | undefined;
  /** Only who comes after this connection. */
  readonly after?: string | undefined;
  /** Only these. */
  readonly recipients?: readonly Recipient[];
  /** How many times this part of the fan-out has been handed on. */
  readonly hops?: number | undefined;
}

/** In epoch milliseconds: when the function will be ended. */
interface Until {
  readonly deadline: number;
}

/** What became of a task. The tasks that are left of it are smaller, or it has come to nothing. */
interface Done {
  readonly leg: Leg;
  readonly left: readonly FanOutTask[];
}

/** A frame for everybody in a channel. */
interface Broadcast extends Until {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** The shard of a member that sends it. */
  readonly senderShard?: number;
}

/**
 * Delivers a frame to all members of a channel: to its first shard here, to each other shard by a function of its own, and
 * to the members that could not be reached here by others. A fault of one member does not affect the others.
 */
export async function fanOut(
  ports: FanOutPorts,
  { channel, frame, deadline, senderShard = 0 }: Broadcast,
): Promise<Tally> {
  const proven = senderShard > 0 ? { proven: shardsProvenBy(senderShard) } : {};
  const task = { frame, shard: { channel, shard: 0 }, shards: 1, ...proven };
  return finish(ports, await deliverShard(ports, { task, deadline }));
}

/**
 * Does what was handed over, and hands on what could not be done. Throws when that is all of it: Lambda then tries the
 * very same again, and at last sends it to the failure destination.
 */
export async function resume(ports: FanOutPorts, task: FanOutTask, { deadline }: Until): Promise<Tally> {
  const done = await (task.recipients
    ? deliverTo(ports, { task, recipients: task.recipients, deadline })
    : deliverShard(ports, { task, deadline }));
  if (done.left.some((each) => isAllOf(task, each))) throw new Undelivered(done.leg.delivery.tally);
  return finish(ports, done);
}

/** Farewells come last, and in time: a function that dies of them would have the frame delivered again. */
async function finish(ports: FanOutPorts, { leg, left }: Done): Promise<Tally> {
  const { tally } = leg.delivery;
  await handOverAll(ports, { from: leg.task, tasks: left });
  if (ports.now() < leg.stopAt) await sayFarewell(ports, leg.departed).catch((fault) => note(tally, fault));
  return tally;
}

/** No progress was made. */
export class Undelivered extends Error {
  constructor(tally: Tally) {
    super(`Nobody of ${tally.failed} could be reached: ${faultsIn(tally)}`);
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

async function deliverShard(ports: FanOutPorts, { task, deadline }: Shipment): Promise<Done> {
  const leg = legOf(ports, { task, deadline });
  const onFault = (fault: unknown): void => note(leg.delivery.tally, fault);
  let read: Read = { after: task.after, shards: task.shards, growth: task.growth, members: 0, isAll: false };
  for await (const page of eachPage(ports, { ...task, from: { after: task.after, limit: RECIPIENTS_MAX }, onFault })) {
    const { members, next: after } = page;
    const growth = page.growth ?? read.growth;
    const shards = Math.max(read.shards, growth?.shards ?? 1, task.proven ?? 1);
    // Before any member gets the frame: if this fails, the client can send it again.
    await spread(ports, { ...task, shards: read.shards, growth }, shards);
    read = { ...read, shards, growth };
    if (isOver(ports, leg)) break;
    await (read.members < OWN_MEMBERS_MAX ? pushTo : leaveTo)(ports, leg, members);
    read = { ...read, after, members: read.members + members.length, isAll: after === undefined };
  }
  await growWhenFull(ports, task, read).catch(onFault);
  const { shards, growth, after } = read;
  const unread = read.isAll ? [] : [{ ...task, shards, after, ...(growth && { growth }) }];
  return { leg, left: [...unread, ...(await insist(ports, leg))] };
}

async function deliverTo(
  ports: FanOutPorts,
  { recipients, ...shipment }: Shipment & { readonly recipients: readonly Recipient[] },
): Promise<Done> {
  const leg = legOf(ports, shipment);
  await pushTo(ports, leg, recipients);
  return { leg, left: await insist(ports, leg) };
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
