import * as v from "valibot";
import type { Shard } from "../channel.ts";
import type { Connected, Recipient } from "../connection.ts";
import { type ServerFrame, SUBPROTOCOL } from "../protocol/client-frames.ts";
import type { Growth } from "./growth.ts";

/**
 * The maximum number of recipients that a function holds and hands over. A task with this many recipients has less than
 * 160 KB; the limit of an asynchronous event is 1 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const RECIPIENTS_MAX = 500;

/** The maximum number of notices in a task: less than 500 KB. */
const NOTICES_MAX = 1_000;

interface HandedOver {
  /** How many times this part of the work has been handed on. */
  readonly hops?: number | undefined;
}

/** Delivers a frame to a part of an audience. */
export interface FanOutTask extends HandedOver {
  /** Functions of an earlier version hand over this kind of task without its name. */
  readonly kind?: "fan-out" | undefined;
  readonly frame: ServerFrame;
  readonly shard: Shard;
  /** The number of the channel's shards that have a task: this one and others. */
  readonly shards: number;
  /** How the channel has grown, as read by the function that split the fan-out. */
  readonly growth?: Growth | undefined;
  /** The least number of the channel's shards, even if its item is lost: the sender is a member of the last ones. */
  readonly proven?: number | undefined;
  /** Starts after this connection. */
  readonly after?: string | undefined;
  /** Only these recipients. */
  readonly recipients?: readonly Recipient[] | undefined;
}

/** What the members of a channel are notified of a connection that was removed. */
export type Departed = Pick<Connected, "id" | "connectedAt" | "user" | "protocol" | "groups">;

/** The connections that were removed from a channel. */
export interface Farewell {
  readonly channel: string;
  readonly departed: readonly Departed[];
}

/** Notifies channels of users that have left, after their connections were removed. */
export interface FarewellTask extends HandedOver {
  readonly kind: "farewells";
  readonly farewells: readonly Farewell[];
}

/** What a function hands over to the worker. */
export type Task = FanOutTask | FarewellTask;

const hops = v.optional(v.number());
const connection = { id: v.string(), connectedAt: v.number(), protocol: v.picklist(["plain", SUBPROTOCOL]) };

const FanOut = v.object({
  kind: v.optional(v.literal("fan-out")),
  // No more than its type: a function of a later version may know more frames and fields.
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

const Farewells = v.object({
  kind: v.literal("farewells"),
  farewells: v.array(v.object({ channel: v.string(), departed: v.array(departed) })),
  hops,
});

const AnyTask: v.GenericSchema<unknown, Task> = v.union([Farewells, FanOut]);

/** Reads the event of the worker. Throws if it is not a task, so that it ends in the queue of failed events. */
export function taskIn(event: unknown): Task {
  const result = v.safeParse(AnyTask, event);
  if (result.success) return result.output;
  throw new Error(
    `The event is not a task: its fields are ${Object.keys(Object(event)).join(", ") || "missing"}. A task has the fields frame, shard and shards, or the kind "farewells" and the field farewells. Check which function invoked this one.`,
  );
}

/** The same task for these recipients alone, in as many tasks as the size of an event requires. */
export function tasksFor(task: FanOutTask, recipients: readonly Recipient[]): FanOutTask[] {
  return slices(recipients, RECIPIENTS_MAX).map((slice) => ({ ...task, recipients: slice.map(recipientOf) }));
}

const recipientOf = ({ id, connectedAt, protocol, expiresAt }: Recipient): Recipient => ({
  ...{ id, connectedAt, protocol },
  ...(expiresAt !== undefined && { expiresAt }),
});

/** In as many tasks as the size of an event requires. */
export function farewellTasksFor(farewells: readonly Farewell[]): FarewellTask[] {
  const notices = farewells.flatMap(({ channel, departed }) => departed.map((about) => ({ channel, about })));
  return slices(notices, NOTICES_MAX).map((slice) => ({
    kind: "farewells",
    farewells: [...new Set(slice.map(({ channel }) => channel))].map((channel) => ({
      channel,
      departed: slice.filter((notice) => notice.channel === channel).map(({ about }) => departedOf(about)),
    })),
  }));
}

/** The names of the groups do not matter, only that the user is authenticated. */
const departedOf = ({ id, connectedAt, user, protocol, groups }: Farewell["departed"][number]) => ({
  ...{ id, connectedAt, user, protocol },
  ...(groups && { groups: [] }),
});

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
