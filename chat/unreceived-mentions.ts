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
}

interface WithMentions {
  readonly events: readonly QueuedEvent[];
  /** The faults of failed lookups, whose events are missing. */
  readonly faults: readonly unknown[];
}

/**
 * Adds events for mentioned users who have no connection, after the event of the message. A failed lookup does not delay or
 * lose the other events.
 */
export async function withUnreceivedMentions(
  ports: MentionPorts,
  queued: readonly QueuedEvent[],
): Promise<WithMentions> {
  const { statusOf } = ports;
  if (!statusOf) return { events: queued, faults: [] };
  const faults: unknown[] = [];
  const added = async (mention: QueuedMention): Promise<readonly QueuedEvent[]> => {
    try {
      return isUnreceived(ports, mention, await statusOf(mention.event.user)) ? [mention] : [];
    } catch (fault) {
      faults.push(fault);
      return [];
    }
  };
  const perEvent = queued.map(async (each) => [
    each,
    ...(await Promise.all(mentionsIn(ports, each).map(added))).flat(),
  ]);
  return { events: (await Promise.all(perEvent)).flat(), faults };
}

interface QueuedMention extends QueuedEvent {
  readonly event: Extract<QueuedEvent["event"], { readonly type: "mention unreceived" }>;
}

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
  { isConnected, isKnown, channels, groups }: UserStatus,
): boolean {
  if (isConnected) return false;
  if (!isPrivate(channel)) return isKnown || !directConversations;
  const isMember = lastingMembership && channels.includes(channel);
  const admitted = Object.hasOwn(privateChannels, channel) ? privateChannels[channel] : undefined;
  return isMember && (admitted === undefined || isInAnyOf(groups, admitted));
}
