import { ulid } from "ulid";
import type { Config } from "../../aws/config.ts";
import { tagOf } from "../../aws/runtime.ts";
import type { AccessPorts } from "../../chat/access.ts";
import { LOBBY_SHARD, type Shard } from "../../chat/channel.ts";
import { type Connected, isAuthenticated } from "../../chat/connection.ts";
import type { FanOutPorts } from "../../chat/fan-out/fan-out.ts";
import type { DepartureTask, FanOutTask } from "../../chat/fan-out/tasks.ts";
import type { Metric } from "../../chat/metrics.ts";
import type { MutePorts } from "../../chat/moderation.ts";
import type { Push, PushOutcome } from "../../chat/ports.ts";
import type { LimitPorts } from "../../chat/presence/connection-limits.ts";
import type { ServerFrame } from "../../chat/protocol/client-frames.ts";
import { aConfig } from "./a-config.ts";
import { aConnection, NOON } from "./builders.ts";
import type { Behind } from "./lagging-map.ts";
import { memoryStore, type Store } from "./memory.ts";

/** All that handlers need, kept in memory, with ears on what is pushed. */
export interface Chat extends Store, FanOutPorts, AccessPorts, MutePorts, LimitPorts {
  readonly channels: Store["channels"];
  readonly invitations: Store["invitations"];
  readonly mutes: Store["mutes"];
  readonly bans: Store["bans"];
  readonly rates: Store["rates"];
  readonly connections: Store["connections"];
  readonly members: Store["members"];
  readonly names: Store["names"];
  readonly looks: Store["looks"];
  readonly users: Store["users"];
  readonly addresses: Store["addresses"];
  readonly checksBans: Config["checksBans"];
  readonly authentication: Config["authentication"];
  readonly allowedOrigins: Config["allowedOrigins"];
  readonly messageRate: Config["messageRate"];
  readonly newMessageId: () => string;
  readonly newSuffix: () => string;
  readonly size: () => number;
  /** Connects somebody, to the lobby unless told otherwise, as `$connect` and `join` leave it. */
  enter(own?: Partial<Connected>): Promise<Connected>;
  /** From now on, a push to a connection comes to this. */
  answer(connection: Pick<Connected, "id">, outcome: () => Promise<PushOutcome>): void;
  /** Ids of the connections that were hung up on. */
  readonly closed: string[];
  /** The tasks of fan-outs that were handed over. */
  readonly tasks: FanOutTask[];
  /** The departures that were handed over. */
  readonly departureTasks: DepartureTask[];
  /** What was counted so far. */
  counted(): Partial<Record<Metric, number>>;
  /** What was pushed to a connection: JSON where it is JSON. */
  heard(connection: Pick<Connected, "id">): unknown[];
  /** As it is stored now. */
  stored(connection: Pick<Connected, "id">): Promise<Connected>;
}

type Own = Partial<Config> & {
  readonly now?: () => number;
  /** Whether the SDK repeats the request that is made now. */
  readonly retrying?: { readonly isRetry: boolean };
  /** How far behind eventually consistent reads are; by default, not at all. */
  readonly behind?: Behind;
};

export function aChat(own: Own = {}): Chat {
  const now = own.now ?? (() => NOON);
  const store = memoryStore(now, own.retrying, own.behind);
  const pushed = new Map<string, string[]>();
  const outcomes = new Map<string, () => Promise<PushOutcome>>();
  const tasks: FanOutTask[] = [];
  const departureTasks: DepartureTask[] = [];
  const closed: string[] = [];
  const counts = new Map<Metric, number>();
  let ids = 0;
  const push: Push = async (id, frame) => {
    const outcome = (await outcomes.get(id)?.()) ?? "delivered";
    if (outcome === "delivered") pushed.set(id, [...(pushed.get(id) ?? []), frame]);
    return outcome;
  };
  return {
    ...store,
    push,
    close: async (id) => {
      closed.push(id);
      return "gone";
    },
    probe: async (id) => ((await outcomes.get(id)?.()) === "gone" ? "gone" : "open"),
    closed,
    ...aConfig(own),
    tagOf,
    now,
    pause: async () => undefined,
    random: () => 0.5,
    count: (metric, value = 1) => void counts.set(metric, (counts.get(metric) ?? 0) + value),
    counted: () => Object.fromEntries(counts),
    tasks,
    departureTasks,
    handOver: async (task) => void (task.kind === "departures" ? departureTasks.push(task) : tasks.push(task)),
    newSuffix: () => "abc234",
    newMessageId: () => ulid(now() + ids++),
    async enter(given) {
      const connected = aConnection(given);
      await store.connections.add(connected);
      const joinedAt = isAuthenticated(connected) ? now() : undefined;
      for (const shard of connected.memberships) await store.members.add(shard, { ...connected, joinedAt });
      if (isAuthenticated(connected)) await store.users.add(connected);
      return connected;
    },
    answer: ({ id }, outcome) => void outcomes.set(id, outcome),
    heard: ({ id }) => (pushed.get(id) ?? []).map(jsonOrText),
    stored: async ({ id }) => (await store.connections.get(id)) as Connected,
  };
}

export const gone = async (): Promise<PushOutcome> => "gone";

export const OPS: Shard = { channel: "ops", shard: 0 };
export const LOBBY_AND_OPS = [LOBBY_SHARD, OPS];

/** Reads whatever was sent, and never takes a text for a frame of ours. */
function jsonOrText(text: string): string | ServerFrame {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
