import { conversationLog, LOBBY } from "../channel.ts";
import { type Connected, isAuthenticated, membershipIn } from "../connection.ts";
import { type PagePorts, readPage } from "../history.ts";
import { directFrame, type Message, messageFrame, moderatorMessageFrame } from "../message.ts";
import type { Messages, PairOf } from "../message-ports.ts";
import { type ModeratorPorts, moderates } from "../moderation.ts";
import { authorOf } from "../own-messages.ts";
import type { Channels } from "../ports.ts";
import { echoId, refuse } from "../protocol/frames.ts";
import type { History } from "../protocol/history-frames.ts";
import { type Reactions, reactionsReader, withRecords } from "../reactions.ts";
import { refuseNonMember } from "../refusals.ts";
import { NOT_STORED } from "./conversations.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ModeratorPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly messages: Pick<Messages, "read" | "get">;
  readonly pairOf: PairOf;
  /** Whether direct messages are stored. */
  readonly directConversations: boolean;
  readonly reactions: Pick<Reactions, "get" | "between" | "records">;
  readonly storesReactions: boolean;
}

export const history: FrameHandler<History, Ports> = async (ports, request) => {
  const { connected, frame } = request;
  if (frame.direct !== undefined) return conversation(ports, request);
  if (frame.publisher) return { refusal: PUBLISHER_WITHOUT_DIRECT };
  const { channel = LOBBY, limit, before, after } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const frameOf = moderates(ports, connected) ? moderatorMessageFrame : messageFrame;
  const page = await readPage(portsOf(ports, connected, { channel, after }), {
    channel,
    before,
    after,
    limit,
    frameOf,
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

/**
 * A page of a conversation of the connection's user. Its key is made of the user's own name, so there is no way to name the
 * conversation of two other users.
 */
const conversation: typeof history = async (ports, { connected, frame }) => {
  const { direct = "", publisher, channel, limit, before, after } = frame;
  if (channel !== undefined) return { refusal: TWO_TARGETS };
  if (!ports.directConversations || !isAuthenticated(connected)) return { refusal: NOT_STORED };
  const other = { name: direct, ...(publisher && { publisher }) };
  const log = conversationLog(ports.pairOf(connected.user, other));
  const frameOf = (message: Message) => directFrame(message, recipientOf(message, connected, direct));
  const { messages, cursor } = await readPage(ports, { channel: log, before, after, limit, frameOf });
  return {
    reply: { type: "conversation", ...echoId(frame), direct, ...(publisher && { publisher }), messages, cursor },
    facts: { messages: messages.length },
  };
};

const recipientOf = ({ from, publisher }: Message, { user }: Connected, other: string): string =>
  from === user && !publisher ? other : user;

const TWO_TARGETS = refuse("malformed-frame", 'The frame has both "channel" and "direct"; send one of them.');

const PUBLISHER_WITHOUT_DIRECT = refuse("malformed-frame", 'The frame has "publisher" without "direct". Add "direct".');
