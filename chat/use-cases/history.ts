import { LOBBY } from "../channel.ts";
import { type Connected, membershipIn } from "../connection.ts";
import { type ConversationPorts, logOf, refuseTarget } from "../conversations.ts";
import { type PagePorts, readPage } from "../history.ts";
import { directFrame, type Message, messageFrame, moderatorMessageFrame } from "../message.ts";
import type { Messages } from "../message-ports.ts";
import { type ModeratorPorts, moderates } from "../moderation.ts";
import { authorOf } from "../own-messages.ts";
import type { Channels } from "../ports.ts";
import { echoId } from "../protocol/frames.ts";
import type { History } from "../protocol/history-frames.ts";
import { type Reactions, reactionsReader, withRecords } from "../reactions.ts";
import type { ReadMarkers } from "../read-markers.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ModeratorPorts, ConversationPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly messages: Pick<Messages, "read" | "get">;
  readonly reactions: Pick<Reactions, "get" | "between" | "records">;
  readonly storesReactions: boolean;
  readonly readMarkers: Pick<ReadMarkers, "get">;
  /** Whether users learn how far others have read their direct messages. */
  readonly readReceipts: boolean;
}

export const history: FrameHandler<History, Ports> = async (ports, request) => {
  const { connected, frame } = request;
  const refusal = refuseTarget(ports, connected, frame);
  if (refusal) return { refusal };
  if (frame.direct !== undefined) return conversation(ports, request);
  const { channel = LOBBY, limit, before, after } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const frameOf = moderates(ports, connected) ? moderatorMessageFrame : messageFrame;
  const page = await readPage(portsOf(ports, connected, { channel, after }), {
    channel,
    before,
    after,
    limit,
    frameOf,
    place: { channel },
  });
  return { reply: { type: "history", ...echoId(frame), channel, ...page }, facts: { messages: page.messages.length } };
};

/** The latest messages already have all reactions, so only the entries after an id have records of their changes. */
function portsOf(
  { messages, reactions, storesReactions }: Ports,
  connected: Connected,
  { channel, after }: { readonly channel: string; readonly after: string | undefined },
): PagePorts {
  if (!storesReactions) return { messages };
  return {
    messages: after === undefined ? messages : withRecords(messages, reactions),
    reactionsOf: reactionsReader(reactions, { channel, author: authorOf(connected) }),
  };
}

/** A page of a conversation of the connection's user, and how far the other user has read. */
const conversation: typeof history = async (ports, { connected, frame }) => {
  const { direct = "", publisher, limit, before, after } = frame;
  const log = logOf(ports, connected, { direct, publisher });
  const frameOf = (message: Message) => directFrame(message, recipientOf(message, connected, direct));
  const place = { direct, ...(publisher && { publisher }) };
  const [{ messages, ...page }, receipt] = await Promise.all([
    readPage(portsOf(ports, connected, { channel: log, after }), {
      ...{ channel: log, before, after, limit, frameOf },
      place,
    }),
    ports.readReceipts && !publisher ? ports.readMarkers.get(direct, log) : undefined,
  ]);
  const reply = { type: "conversation", ...echoId(frame), direct, ...(publisher && { publisher }), messages } as const;
  return {
    reply: { ...reply, ...(receipt !== undefined && { receipt }), ...page },
    facts: { messages: messages.length },
  };
};

const recipientOf = ({ from, publisher }: Message, { user }: Connected, other: string): string =>
  from === user && !publisher ? other : user;
