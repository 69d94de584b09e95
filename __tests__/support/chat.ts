import { ulid } from "ulid";
import type { Config } from "../../aws/config.ts";
import { digestOf, tagOf } from "../../aws/runtime.ts";
import { pairOf } from "../../aws/table/keys.ts";
import type { AccessPorts } from "../../chat/access.ts";
import { LOBBY, LOBBY_SHARD, type Shard } from "../../chat/channel.ts";
import { type Connected, isAuthenticated } from "../../chat/connection.ts";
import type { ChatEvent } from "../../chat/events.ts";
import { type FanOutPorts, fanOut } from "../../chat/fan-out/fan-out.ts";
import type { DepartureTask, FanOutTask } from "../../chat/fan-out/tasks.ts";
import { messageFrame } from "../../chat/message.ts";
import type { PairOf } from "../../chat/message-ports.ts";
import type { Metric } from "../../chat/metrics.ts";
import type { MutePorts } from "../../chat/moderation.ts";
import type { DigestOf, Push, PushOutcome } from "../../chat/ports.ts";
import type { LimitPorts } from "../../chat/presence/connection-limits.ts";
import type { ServerFrame } from "../../chat/protocol/client-frames.ts";
import type { ReviewPorts } from "../../chat/review.ts";
import type { FrameHandler, FrameOutcome } from "../../chat/use-cases/use-case.ts";
import { aConfig } from "./a-config.ts";
import { aConnection, aMessage, NOON } from "./builders.ts";
import type { Lag } from "./lagging-map.ts";
import { memoryStore, type Store } from "./memory.ts";

/** All ports of the use cases, in memory. Records the frames that are pushed. */
export interface Chat extends Store, FanOutPorts, AccessPorts, MutePorts, ReviewPorts, LimitPorts {
  readonly channels: Store["channels"];
  readonly invitations: Store["invitations"];
  readonly mutes: Store["mutes"];
  readonly bans: Store["bans"];
  readonly readMarkers: Store["readMarkers"];
  readonly reactions: Store["reactions"];
  readonly rates: Store["rates"];
  readonly connections: Store["connections"];
  readonly members: Store["members"];
  readonly names: Store["names"];
  readonly looks: Store["looks"];
  readonly users: Store["users"];
  readonly statusOf: Store["statusOf"];
  readonly lastingChannels: Store["lastingChannels"];
  readonly handshakes: Store["handshakes"];
  readonly lastingMembership: Config["lastingMembership"];
  readonly lastingAccess: Config["lastingAccess"];
  readonly addresses: Store["addresses"];
  readonly checksBans: Config["checksBans"];
  readonly authentication: Config["authentication"];
  readonly allowedOrigins: Config["allowedOrigins"];
  readonly messageRate: Config["messageRate"];
  readonly ownMessageMinutes: Config["ownMessageMinutes"];
  readonly directConversations: Config["directConversations"];
  readonly storesReactions: Config["storesReactions"];
  readonly readReceipts: Config["readReceipts"];
  readonly pairOf: PairOf;
  readonly messageRetentionDays: Config["messageRetentionDays"];
  readonly newMessageId: () => string;
  readonly digestOf: DigestOf;
  readonly newSuffix: () => string;
  readonly size: () => number;
  /** Stores a connection as `$connect` and `join` do, by default in the lobby. */
  enter(own?: Partial<Connected>): Promise<Connected>;
  /** Sets the outcome of later pushes to a connection. */
  setPushOutcome(connection: Pick<Connected, "id">, outcome: () => Promise<PushOutcome>): void;
  /** Ids of the connections that the use cases closed. */
  readonly closed: string[];
  /** Fan-out tasks that were handed over. */
  readonly tasks: FanOutTask[];
  /** Departure tasks that were handed over. */
  readonly departureTasks: DepartureTask[];
  /** The events for other programs. */
  readonly emitted: ChatEvent[];
  /** The metrics so far. */
  counted(): Partial<Record<Metric, number>>;
  /** The frames that were pushed to a connection, parsed if they are JSON. */
  received(connection: Pick<Connected, "id">): unknown[];
  /** The connection as it is stored now. */
  stored(connection: Pick<Connected, "id">): Promise<Connected>;
}

type Own = Partial<Config> & {
  readonly now?: () => number;
  /** Whether the current request is a repeat of the SDK. */
  readonly retrying?: { readonly isRetry: boolean };
  /** How many of the latest writes an eventually consistent read does not show. Default: 0. */
  readonly lag?: Lag;
};

export function aChat(own: Own = {}): Chat {
  const now = own.now ?? (() => NOON);
  const store = memoryStore(now, own.retrying, own.lag);
  const pushed = new Map<string, string[]>();
  const outcomes = new Map<string, () => Promise<PushOutcome>>();
  const tasks: FanOutTask[] = [];
  const departureTasks: DepartureTask[] = [];
  const closed: string[] = [];
  const counts = new Map<Metric, number>();
  const emitted: ChatEvent[] = [];
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
    pairOf,
    digestOf,
    now,
    pause: async () => undefined,
    random: () => 0.5,
    count: (metric, value = 1) => void counts.set(metric, (counts.get(metric) ?? 0) + value),
    emit: (event) => void emitted.push(event),
    emitted,
    reviewer: "none",
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
      if (isAuthenticated(connected))
        await Promise.all([store.users.add(connected), store.knownUsers.add(connected.user)]);
      return connected;
    },
    setPushOutcome: ({ id }, outcome) => void outcomes.set(id, outcome),
    received: ({ id }) => (pushed.get(id) ?? []).map(jsonOrText),
    stored: async ({ id }) => (await store.connections.get(id)) as Connected,
  };
}

export const gone = async (): Promise<PushOutcome> => "gone";

/** A push that fails at API Gateway. */
export const failing = async (): Promise<PushOutcome> => ({ failed: "500" });

export const enterMany = (chat: Chat, count: number) => Promise.all(Array.from({ length: count }, () => chat.enter()));

export const LOBBY_FRAME = messageFrame(aMessage({ data: "hi" }));

/** Delivers `LOBBY_FRAME` to the whole lobby. */
export const sendToLobby = (ports: FanOutPorts, deadline = Number.POSITIVE_INFINITY) =>
  fanOut(ports, { channel: LOBBY, frame: LOBBY_FRAME, deadline });

/** Calls the use case of a route with a frame, and with the connection as it is stored at that time. */
export const frameSender =
  <Frame, Ports>(useCase: FrameHandler<Frame, Ports>, route: string) =>
  async (chat: Chat & Ports, connected: Connected, frame: Frame): Promise<FrameOutcome> =>
    useCase(chat, {
      connected: await chat.stored(connected),
      route,
      frame,
      receivedAt: chat.now(),
      deadline: Number.POSITIVE_INFINITY,
    });

export const OPS: Shard = { channel: "ops", shard: 0 };
export const LOBBY_AND_OPS = [LOBBY_SHARD, OPS];

function jsonOrText(text: string): string | ServerFrame {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
