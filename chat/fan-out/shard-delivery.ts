import { SHARD_MEMBERS } from "../channel.ts";
import type { Connected, Recipient } from "../connection.ts";
import type { Channels, Members, Page } from "../ports.ts";
import { type PresencePorts, removeGone } from "../presence/presence.ts";
import { formsOf } from "../protocol/frames.ts";
import { backOffMilliseconds, type CloseStalled, type Delivery, recordFault, startDelivery } from "./delivery.ts";
import { isGrowthDue, shardsNeeded } from "./growth.ts";
import {
  type FanOutTask,
  HAND_OVER_MARGIN_MILLISECONDS,
  type HandOverPorts,
  handOverAll,
  RECIPIENTS_MAX,
  tasksFor,
} from "./tasks.ts";

/* How one invocation delivers a frame to one shard, or to a list of recipients. */

/** With this many undelivered recipients, an invocation stops reading. */
const UNDELIVERED_MAX = 2 * RECIPIENTS_MAX;

/**
 * A channel that fills faster than messages are sent to it grows too late, and its shards have tens of thousands of members.
 * Beyond this number, an invocation only reads, which is four times as fast, and leaves the pushes to others.
 */
const OWN_MEMBERS_MAX = 2 * SHARD_MEMBERS;

const READ_ATTEMPTS_MAX = 4;

export interface ShardPorts extends PresencePorts, HandOverPorts {
  readonly channels: Pick<Channels, "grow">;
}

/** One invocation's part of a fan-out. Times are in epoch milliseconds. */
export interface Run {
  readonly task: FanOutTask;
  readonly startedAt: number;
  readonly stopAt: number;
  readonly delivery: Delivery;
  /** Recipients that were not reached yet. */
  readonly undelivered: Recipient[];
  /** Connections that this invocation has removed. */
  readonly departed: Connected[];
}

export interface ShardTask {
  readonly task: FanOutTask;
  /** When Lambda ends the invocation, in epoch milliseconds. */
  readonly deadline: number;
}

/** The result of the first pushes, one to each recipient. `unread`: tasks for the part of the shard that was not read. */
export interface Pushed {
  readonly run: Run;
  readonly unread: readonly FanOutTask[];
}

/** How far an invocation has read a shard. */
interface Progress extends Pick<FanOutTask, "after" | "shards" | "growth"> {
  readonly members: number;
  readonly isAll: boolean;
}

/** Pushes once to each member of the task's shard, or as many as there is time for. */
export async function pushToShard(ports: ShardPorts, { task, deadline }: ShardTask): Promise<Pushed> {
  const run = startRun(ports, { task, deadline });
  const onFault = (fault: unknown): void => recordFault(run.delivery.tally, fault);
  let read: Progress = { after: task.after, shards: task.shards, growth: task.growth, members: 0, isAll: false };
  for await (const page of readAhead(pagesOf(ports, task, onFault))) {
    const { members, next: after } = page;
    const growth = page.growth ?? read.growth;
    const shards = Math.max(read.shards, growth?.shards ?? 1, task.proven ?? 1);
    // Before the first push: if this fails, the client can repeat the frame.
    await handOverNewShards(ports, { ...task, shards: read.shards, growth }, shards);
    read = { ...read, shards, growth };
    if (isOver(ports, run)) break;
    await (read.members < OWN_MEMBERS_MAX ? pushTo : leaveTo)(ports, run, members);
    read = { ...read, after, members: read.members + members.length, isAll: after === undefined };
  }
  await growIfFull(ports, task, read).catch(onFault);
  const { shards, growth, after } = read;
  const unread = read.isAll ? [] : [{ ...task, shards, after, ...(growth && { growth }) }];
  return { run, unread };
}

/** Pushes once to each of these recipients. */
export async function pushToRecipients(
  ports: ShardPorts,
  { recipients, ...shipment }: ShardTask & { readonly recipients: readonly Recipient[] },
): Promise<Pushed> {
  const run = startRun(ports, shipment);
  await pushTo(ports, run, recipients);
  return { run, unread: [] };
}

/** Retries the recipients that were not reached. Returns tasks for those that no retry reached. */
export async function retryUndelivered(
  ports: ShardPorts,
  run: Run,
  closeStalled?: CloseStalled,
): Promise<FanOutTask[]> {
  const { gone, undelivered } = await run.delivery.retry(run.undelivered, closeStalled);
  await removeFrom(ports, run, gone);
  return tasksFor(run.task, undelivered);
}

function startRun(ports: ShardPorts, { task, deadline }: ShardTask): Run {
  const stopAt = deadline - HAND_OVER_MARGIN_MILLISECONDS;
  const delivery = startDelivery(ports, { forms: formsOf(task.frame), deadline: stopAt });
  return { task, startedAt: ports.now(), stopAt, delivery, undelivered: [], departed: [] };
}

const isOver = ({ now }: ShardPorts, { stopAt, undelivered }: Run): boolean =>
  now() >= stopAt || undelivered.length >= UNDELIVERED_MAX;

async function pushTo(ports: ShardPorts, run: Run, recipients: readonly Recipient[]): Promise<void> {
  const { gone, undelivered } = await run.delivery.push(recipients);
  run.undelivered.push(...undelivered);
  await removeFrom(ports, run, gone);
}

/** Hands recipients over to the worker. If Lambda rejects that, this invocation retries them. */
async function leaveTo(ports: ShardPorts, run: Run, recipients: readonly Recipient[]): Promise<void> {
  try {
    await handOverAll(ports, { from: run.task, tasks: tasksFor(run.task, recipients) });
    run.delivery.tally.handedOver += recipients.length;
  } catch (fault) {
    recordFault(run.delivery.tally, fault);
    run.undelivered.push(...recipients);
  }
}

/** If a connection cannot be removed, the next fan-out finds it gone again. */
async function removeFrom(
  ports: ShardPorts,
  { delivery, task, departed }: Run,
  gone: readonly Recipient[],
): Promise<void> {
  try {
    departed.push(...(await removeGone(ports, task.shard, gone)));
  } catch (fault) {
    recordFault(delivery.tally, fault);
  }
}

/** If the channel has more shards than the task, hands over the additional ones. */
async function handOverNewShards(ports: ShardPorts, task: FanOutTask, all: number): Promise<void> {
  const { frame, shard, shards, growth } = task;
  const others = Array.from({ length: all - shards }, (_, index) => ({ ...shard, shard: shards + index }));
  const tasks = others.map((other) => ({ frame, shard: other, shards: all, ...(growth && { growth }) }));
  await handOverAll(ports, { from: task, tasks });
}

/** Stores that the channel needs more shards, needs its current growth for longer, or has lost its number of shards. */
async function growIfFull(
  { channels }: ShardPorts,
  { shard: { channel, shard }, shards, proven = 1 }: FanOutTask,
  { growth, members }: Progress,
): Promise<void> {
  // Without a growth, the channel has one shard, or the task is of an earlier version that did not contain it.
  const known = growth ?? { shards, newcomers: shards, isEnding: false };
  const lost = proven > known.shards ? proven : 1;
  const needed = Math.max(shardsNeeded(shard, members), lost);
  if (lost > 1 || isGrowthDue(known, needed)) await channels.grow(channel, needed);
}

/** Reads the next page while the caller uses the current one. */
async function* readAhead(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  let upcoming = pages.next();
  for (;;) {
    const { done, value } = await upcoming;
    if (done) return;
    upcoming = pages.next();
    yield value;
  }
}

interface ReadPorts extends Pick<ShardPorts, "pause" | "random"> {
  readonly members: Pick<Members, "pages">;
}

/** Retries a page that cannot be read. After several attempts, the pages end early, at the `next` of the last one. */
async function* pagesOf(
  { members, pause, random }: ReadPorts,
  { shard, after: start }: FanOutTask,
  onFault: (fault: unknown) => void,
): AsyncGenerator<Page> {
  let after = start;
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt += 1) {
    try {
      for await (const page of members.pages(shard, { limit: RECIPIENTS_MAX, after })) {
        yield page;
        if (page.next === undefined) return;
        after = page.next;
        attempt = 0;
      }
      return;
    } catch (fault) {
      onFault(fault);
      await pause(backOffMilliseconds(attempt, random()));
    }
  }
}
