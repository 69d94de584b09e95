import { isNewest, SHARD_MEMBERS, type Shard } from "./channel.ts";
import { type Delivery, deliver, note, type Recipient, type Tally } from "./delivery.ts";
import { formsOf } from "./frames.ts";
import { type HandOverPorts, handOverAll, RECIPIENTS_MAX, tasksFor } from "./hand-over.ts";
import { eachPage } from "./pages.ts";
import type { Channels } from "./ports.ts";
import { type PresencePorts, removeGone, sayFarewell } from "./presence.ts";
import type { ServerFrame } from "./protocol.ts";

/** Time that is left to finish the pushes under way and to hand over the rest. */
const MARGIN_MILLISECONDS = 5_000;

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
  /** How many shards the channel has. */
  readonly shards: number;
  /** Only who comes after this connection. */
  readonly after?: string | undefined;
  /** Only these. */
  readonly recipients?: readonly Recipient[];
}

/** In epoch milliseconds: when the function will be ended. */
interface Until {
  readonly deadline: number;
}

/** What became of a task. The tasks that are left of it are smaller, or it has come to nothing. */
interface Done {
  readonly tally: Tally;
  readonly left: readonly FanOutTask[];
}

/**
 * Delivers a frame to everybody in a channel: to its first shard here, to each other shard, and to whom it could not be
 * delivered here, by functions of their own. One member's fault never keeps it from the others.
 */
export async function fanOut(
  ports: FanOutPorts,
  { channel, frame, deadline }: { readonly channel: string; readonly frame: ServerFrame } & Until,
): Promise<Tally> {
  const spread = async (shards: number): Promise<void> => {
    const others = Array.from({ length: shards - 1 }, (_, index) => ({ channel, shard: index + 1 }));
    await handOverAll(
      ports,
      others.map((shard) => ({ frame, shard, shards })),
    );
  };
  const task = { frame, shard: { channel, shard: 0 }, shards: 1 };
  const { tally, left } = await deliverShard(ports, { task, deadline, spread });
  await handOverAll(ports, left);
  return tally;
}

/**
 * Does what was handed over, and hands on what could not be done. Throws when that is all of it: Lambda then tries the
 * very same again, and at last sends it to the failure destination.
 */
export async function resume(ports: FanOutPorts, task: FanOutTask, { deadline }: Until): Promise<Tally> {
  const { tally, left } = await (task.recipients
    ? deliverTo(ports, { task, recipients: task.recipients, deadline })
    : deliverShard(ports, { task, deadline }));
  if (left.some((each) => isAllOf(task, each))) throw new Undelivered(tally);
  await handOverAll(ports, left);
  return tally;
}

/** No progress was made. */
export class Undelivered extends Error {
  readonly tally: Tally;

  constructor(tally: Tally) {
    super(`Nobody of ${tally.failed} could be reached: ${tally.faults.join(", ")}`);
    this.name = "Undelivered";
    this.tally = tally;
  }
}

interface Shipment extends Until {
  readonly task: FanOutTask;
  /** Hears how many shards there are, before anybody hears the frame. */
  readonly spread?: (shards: number) => Promise<void>;
}

async function deliverShard(ports: FanOutPorts, { task, deadline, spread }: Shipment): Promise<Done> {
  const stopAt = deadline - MARGIN_MILLISECONDS;
  const delivery = deliver(ports, { forms: formsOf(task.frame), deadline: stopAt });
  const onFault = (fault: unknown): void => note(delivery.tally, fault);
  const waiting: Recipient[] = [];
  let read = { after: task.after, shards: task.shards, members: 0, isAll: false };
  for await (const page of eachPage(ports, { ...task, from: { after: task.after, limit: RECIPIENTS_MAX }, onFault })) {
    const { shards = read.shards, members, next: after } = page;
    if (shards > read.shards) await spread?.(shards);
    if (ports.now() >= stopAt) break;
    const isForOthers = read.members >= OWN_MEMBERS_MAX;
    waiting.push(...(await (isForOthers ? leaveTo : pushTo)(ports, { delivery, task, recipients: members })));
    read = { after, shards, members: read.members + members.length, isAll: after === undefined };
  }
  if (read.isAll) await growWhenFull(ports, { ...task, ...read }).catch(onFault);
  const unread = read.isAll ? [] : [{ ...task, shards: read.shards, after: read.after }];
  return { tally: delivery.tally, left: [...unread, ...(await insist(ports, { delivery, task, waiting }))] };
}

async function deliverTo(
  ports: FanOutPorts,
  { task, recipients, deadline }: Shipment & { readonly recipients: readonly Recipient[] },
): Promise<Done> {
  const delivery = deliver(ports, { forms: formsOf(task.frame), deadline: deadline - MARGIN_MILLISECONDS });
  const waiting = await pushTo(ports, { delivery, task, recipients });
  return { tally: delivery.tally, left: await insist(ports, { delivery, task, waiting }) };
}

interface Leg {
  readonly delivery: Delivery;
  readonly task: FanOutTask;
}

/** Leaves recipients to another function. Gives them back where none takes them. */
async function leaveTo(
  ports: FanOutPorts,
  { delivery, task, recipients }: Leg & { readonly recipients: readonly Recipient[] },
): Promise<readonly Recipient[]> {
  try {
    await handOverAll(ports, tasksFor(task, recipients));
    return [];
  } catch (fault) {
    note(delivery.tally, fault);
    return recipients;
  }
}

/** Gives those to try again, and removes those who are gone. */
async function pushTo(
  ports: FanOutPorts,
  { delivery, task, recipients }: Leg & { readonly recipients: readonly Recipient[] },
): Promise<readonly Recipient[]> {
  const { gone, undelivered } = await delivery.push(recipients);
  await bury(ports, { delivery, task }, gone);
  return undelivered;
}

/** Tries again, and makes tasks for the rest. */
async function insist(
  ports: FanOutPorts,
  { delivery, task, waiting }: Leg & { readonly waiting: readonly Recipient[] },
): Promise<FanOutTask[]> {
  const { gone, undelivered } = await delivery.retry(waiting);
  await bury(ports, { delivery, task }, gone);
  delivery.tally.failed = undelivered.length;
  return tasksFor(task, undelivered);
}

/** Whoever meets somebody who is gone cleans up. Where that fails, the next fan-out meets them again. */
async function bury(ports: FanOutPorts, { delivery, task: { shard } }: Leg, gone: readonly Recipient[]): Promise<void> {
  try {
    await sayFarewell(ports, await removeGone(ports, shard, gone));
  } catch (fault) {
    note(delivery.tally, fault);
  }
}

/** Newcomers go to the shards that the last growth added, so only those tell whether it is time for another. */
async function growWhenFull(
  { channels }: FanOutPorts,
  { shard: { channel, shard }, shards, members }: Pick<FanOutTask, "shard" | "shards"> & { readonly members: number },
): Promise<void> {
  if (members > SHARD_MEMBERS && isNewest(shard, shards)) await channels.grow(channel, shards);
}

const isAllOf = (task: FanOutTask, left: FanOutTask): boolean =>
  task.recipients ? left.recipients?.length === task.recipients.length : !left.recipients && left.after === task.after;
