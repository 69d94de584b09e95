import * as v from "valibot";
import type { Shard } from "../channel.ts";
import type { Connected, Recipient } from "../connection.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { SUBPROTOCOL } from "../protocol/subprotocol.ts";
import { forEachConcurrently } from "./concurrency.ts";
import type { Growth } from "./growth.ts";

/**
 * The maximum number of recipients in a task. A task with this many recipients has less than
 * 160 KB; the limit of an asynchronous event is 1 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const RECIPIENTS_MAX = 500;

/** The maximum number of notices in a task, which then has less than 500 KB. */
const NOTICES_MAX = 1_000;

/** Time for the pushes in progress, of eight seconds each at most, and for handing over the rest. */
export const HAND_OVER_MARGIN_MILLISECONDS = 10_000;

interface HandedOver {
  /** How many times this part of the work has been handed over. */
  readonly hops?: number | undefined;
}

/** A task to deliver a frame to a part of a channel. */
export interface FanOutTask extends HandedOver {
  /** Optional because functions of an earlier version omit it. */
  readonly kind?: "fan-out" | undefined;
  readonly frame: ServerFrame;
  readonly shard: Shard;
  /** The number of the channel's shards that have a task, this one included. */
  readonly shards: number;
  /** How the channel has grown, as read by the invocation that split the fan-out. */
  readonly growth?: Growth | undefined;
  /** The minimum number of shards that the sender's own shard proves, even if the channel's item is lost. */
  readonly proven?: number | undefined;
  /** Starts after this connection. */
  readonly after?: string | undefined;
  /** Deliver only to these recipients. */
  readonly recipients?: readonly Recipient[] | undefined;
}

/** The fields of a removed connection that a notice requires. */
export type Departed = Pick<Connected, "id" | "connectedAt" | "user" | "protocol" | "groups">;

/** A channel, and the connections whose departure it must be notified of. */
export interface Departure {
  readonly channel: string;
  readonly departed: readonly Departed[];
}

/** A task to notify channels of users that have left, after their connections were removed. */
export interface DepartureTask extends HandedOver {
  readonly kind: "departures";
  readonly departures: readonly Departure[];
}

/** A task for the worker function. */
export type Task = FanOutTask | DepartureTask;

const hops = v.optional(v.number());
const connection = { id: v.string(), connectedAt: v.number(), protocol: v.picklist(["plain", SUBPROTOCOL]) };

const FanOut = v.object({
  kind: v.optional(v.literal("fan-out")),
  // Only the type is checked: a function of a later version may send other frames and fields.
  frame: v.custom<ServerFrame>((frame) => typeof Object(frame).type === "string"),
  shard: v.object({ channel: v.string(), shard: v.number() }),
  shards: v.number(),
  growth: v.optional(v.object({ shards: v.number(), newcomers: v.number(), isEnding: v.boolean() })),
  proven: v.optional(v.number()),
  after: v.optional(v.string()),
  recipients: v.optional(v.array(v.object({ ...connection, expiresAt: v.optional(v.number()) }))),
  hops,
});

const departed = v.object({ ...connection, user: v.string(), groups: v.optional(v.array(v.string())) });

const Departures = v.object({
  kind: v.literal("departures"),
  departures: v.array(v.object({ channel: v.string(), departed: v.array(departed) })),
  hops,
});

const AnyTask: v.GenericSchema<unknown, Task> = v.union([Departures, FanOut]);

/** Parses the event of the worker. Throws if it is not a task, so that it ends up in the queue of failed events. */
export function taskIn(event: unknown): Task {
  const result = v.safeParse(AnyTask, event);
  if (result.success) return result.output;
  throw new Error(
    `The event is not a task: its fields are ${Object.keys(Object(event)).join(", ") || "missing"}. A task has the fields frame, shard and shards, or the kind "departures" and the field departures. Check which function invoked this one.`,
  );
}

/** The task for these recipients only, in as many tasks as the event size limit requires. */
export function tasksFor(task: FanOutTask, recipients: readonly Recipient[]): FanOutTask[] {
  return slices(recipients, RECIPIENTS_MAX).map((slice) => ({ ...task, recipients: slice.map(recipientOf) }));
}

const recipientOf = ({ id, connectedAt, protocol, expiresAt }: Recipient): Recipient => ({
  ...{ id, connectedAt, protocol },
  ...(expiresAt !== undefined && { expiresAt }),
});

/** In as many tasks as the event size limit requires. */
export function departureTasksFor(departures: readonly Departure[]): DepartureTask[] {
  const notices = departures.flatMap(({ channel, departed }) => departed.map((about) => ({ channel, about })));
  return slices(notices, NOTICES_MAX).map((slice) => ({
    kind: "departures",
    departures: [...new Set(slice.map(({ channel }) => channel))].map((channel) => ({
      channel,
      departed: slice.filter((notice) => notice.channel === channel).map(({ about }) => departedOf(about)),
    })),
  }));
}

/** The names of the groups do not matter, only that the user is authenticated. */
const departedOf = ({ id, connectedAt, user, protocol, groups }: Departure["departed"][number]) => ({
  ...{ id, connectedAt, user, protocol },
  ...(groups && { groups: [] }),
});

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/**
 * How many times a part of a fan-out can be handed over. Lambda stops a function that invokes itself after about 16
 * invocations, and only a metric shows it. With this lower limit, the task goes to the queue of failed events with a
 * reason. A message to a million members takes 4 hops; one that the quota slows down to three minutes takes 9.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const HOPS_MAX = 14;

/** Limits the burst of requests for a channel of hundreds of shards. */
const HAND_OVERS_AT_ONCE = 16;

/** Invokes the worker asynchronously with a task. The worker gets the task at least once. */
export type HandOver = (task: Task) => Promise<void>;

export interface HandOverPorts {
  readonly handOver: HandOver;
}

/**
 * Hands the remaining tasks of another task over to the worker. Tries all of them, and then throws if Lambda rejected one.
 */
export async function handOverAll(
  { handOver }: HandOverPorts,
  { from, tasks }: { readonly from: Pick<Task, "hops">; readonly tasks: readonly Task[] },
): Promise<void> {
  const hops = (from.hops ?? 0) + 1;
  if (hops > HOPS_MAX && tasks.length > 0) throw new TooManyHops();
  const faults: unknown[] = [];
  const handOverOne = (task: Task): Promise<void> =>
    handOver({ ...task, hops }).catch((fault) => void faults.push(fault));
  await forEachConcurrently(tasks, handOverOne, () => HAND_OVERS_AT_ONCE);
  if (faults.length > 0) throw faults[0];
}

/** Lambda retries the task, and then sends it to the queue of failed events. */
export class TooManyHops extends Error {
  constructor() {
    super(
      `The fan-out was handed over ${HOPS_MAX} times, which is the limit. Its remaining recipients did not get the frame. Check the metric PushesThrottled, then send the failed event again.`,
    );
    this.name = "TooManyHops";
  }
}
