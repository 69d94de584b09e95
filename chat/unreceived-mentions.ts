import { type AccessRules, isInAnyOf } from "./access.ts";
import { isPrivate } from "./channel.ts";
import type { QueuedEvent } from "./events.ts";
import type { DigestOf } from "./ports.ts";
import type { StatusOf, UserStatus } from "./user-ports.ts";

export interface MentionPorts extends Pick<AccessRules, "privateChannels"> {
  /** Undefined in environments without authenticated users. */
  readonly statusOf: StatusOf | undefined;
  readonly digestOf: DigestOf;
  /** Whether users who have connected are stored. */
  readonly directConversations: boolean;
  readonly lastingMembership: boolean;
  /** Whether the environment has moderators, who can ban users. */
  readonly checksBans: boolean;
}

interface WithMentions {
  readonly events: readonly QueuedEvent[];
  /** The faults of failed lookups, whose events are missing. */
  readonly faults: readonly unknown[];
}

/**
 * Adds events for mentioned users who have no connection, after the event of the message, and removes events about direct
 * messages to banned users: a banned user must not be notified. A failed lookup does not delay or lose the other events.
 */
export async function withUnreceivedMentions(
  ports: MentionPorts,
  queued: readonly QueuedEvent[],
): Promise<WithMentions> {
  const { statusOf } = ports;
  if (!statusOf) return { events: queued, faults: [] };
  const faults: unknown[] = [];
  const ifNeeded = async <Unreceived extends QueuedUnreceived>(
    unreceived: Unreceived,
    isNeeded: (status: UserStatus) => boolean,
  ): Promise<readonly QueuedEvent[]> => {
    try {
      return isNeeded(await statusOf(unreceived.event.user)) ? [unreceived] : [];
    } catch (fault) {
      faults.push(fault);
      return [];
    }
  };
  const perEvent = queued.map(async (each) => {
    if (isDirect(each)) return ports.checksBans ? ifNeeded(each, ({ isBanned }) => !isBanned) : [each];
    const mentions = mentionsIn(ports, each).map((mention) =>
      ifNeeded(mention, (status) => isUnreceived(ports, mention, status)),
    );
    return [each, ...(await Promise.all(mentions)).flat()];
  });
  return { events: (await Promise.all(perEvent)).flat(), faults };
}

interface QueuedMention extends QueuedEvent {
  readonly event: Extract<QueuedEvent["event"], { readonly type: "mention unreceived" }>;
}

interface QueuedDirect extends QueuedEvent {
  readonly event: Extract<QueuedEvent["event"], { readonly type: "direct message unreceived" }>;
}

type QueuedUnreceived = QueuedMention | QueuedDirect;

const isDirect = (queued: QueuedEvent): queued is QueuedDirect => queued.event.type === "direct message unreceived";

/** An event for each user whom a message mentions, except its sender. */
function mentionsIn({ digestOf }: MentionPorts, { eventId, at, event }: QueuedEvent): QueuedMention[] {
  if (event.type !== "message stored") return [];
  const { id, channel, from, publisher, mentions = [] } = event;
  return mentions
    .filter((user) => publisher || user !== from)
    .map((user) => ({
      eventId: eventIdOf(digestOf, eventId, user),
      at,
      event: { type: "mention unreceived", id, channel, user, from, publisher },
    }));
}

const ULID_TIME_CHARACTERS = 10;
const ULID_RANDOM_CHARACTERS = 16;

/** A ULID that is the same in each retry. The digits of a hexadecimal number are also digits of ULIDs. */
function eventIdOf(digestOf: DigestOf, eventId: string, user: string): string {
  const digest = Buffer.from(digestOf(JSON.stringify([eventId, user])), "base64url")
    .toString("hex")
    .toUpperCase();
  return eventId.slice(0, ULID_TIME_CHARACTERS) + digest.slice(0, ULID_RANDOM_CHARACTERS);
}

/**
 * In a private channel, only lasting members cause an event, because the event would report the message to users without
 * access. If access depends on groups, those of the user's latest handshake count, because only tokens have groups.
 */
function isUnreceived(
  { directConversations, lastingMembership, privateChannels }: MentionPorts,
  { event: { channel } }: QueuedMention,
  { isConnected, isBanned, isKnown, channels, groups }: UserStatus,
): boolean {
  if (isConnected || isBanned) return false;
  if (!isPrivate(channel)) return isKnown || !directConversations;
  const isMember = lastingMembership && channels.includes(channel);
  const admitted = Object.hasOwn(privateChannels, channel) ? privateChannels[channel] : undefined;
  return isMember && (admitted === undefined || isInAnyOf(groups, admitted));
}
