import { presence } from "../aws/presence.ts";
import { newMessageId, now, retentionDays } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { messages } from "../aws/table/messages.ts";
import { repeats } from "../aws/table/repeats.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Connected, membershipIn } from "../chat/connection.ts";
import { fanOut } from "../chat/fan-out.ts";
import { refuseOutsider } from "../chat/membership.ts";
import { messageFrame } from "../chat/message.ts";
import type { Channels, Connections, Messages, NewMessageId, Repeats } from "../chat/ports.ts";
import { type PresencePorts, sayFarewell } from "../chat/presence.ts";
import { SendMessage } from "../chat/protocol.ts";
import { type FrameHandler, pushingLambda } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "remove">;
  readonly channels: Pick<Channels, "exists">;
  readonly messages: Pick<Messages, "store">;
  readonly repeats: Repeats;
  readonly newMessageId: NewMessageId;
}

export const sendMessage: FrameHandler<SendMessage, Ports> = async (ports, { connected, route, frame }) => {
  const { channel, data } = frame;
  const shard = membershipIn(connected, channel);
  if (!shard) return { refusal: await refuseOutsider(ports, channel) };
  const message = { id: await idOf(ports, { connected, frame }), channel, from: connected.user, data };
  const reply = isAwaited(connected, frame) ? acknowledge(route, frame, message.id) : undefined;
  // Stored before anybody hears it. What is stored already was said already.
  if (!(await ports.messages.store(message))) return { reply, facts: { repeated: true } };
  const { tally, departed } = await fanOut(ports, { shard, frame: messageFrame(message) });
  await sayFarewell(ports, departed);
  return { reply, facts: { tally } };
};

/** A repeat has the id of the first, and so is stored once. */
async function idOf(
  { repeats, newMessageId }: Pick<Ports, "repeats" | "newMessageId">,
  { connected: { user }, frame: { channel, id } }: { readonly connected: Connected; readonly frame: SendMessage },
): Promise<string> {
  const message = newMessageId();
  return id === undefined ? message : repeats.claim({ user, channel, id, message });
}

/** A client without a subprotocol reads its own words as its receipt, unless it gave an id to know it by. */
const isAwaited = ({ protocol }: Connected, { id }: SendMessage): boolean => protocol !== "plain" || id !== undefined;

export const handler = pushingLambda(SendMessage, sendMessage, {
  ...presence,
  channels: channels(table, now),
  messages: messages(table, { now, retentionDays }),
  repeats: repeats(table, now),
  newMessageId,
});
