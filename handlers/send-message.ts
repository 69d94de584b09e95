import { fanningOut } from "../aws/fan-out.ts";
import { moderators, newMessageId, now, retentionDays } from "../aws/runtime.ts";
import { messages } from "../aws/table/messages.ts";
import { mutes } from "../aws/table/mutes.ts";
import { repeats } from "../aws/table/repeats.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Connected, membershipIn } from "../chat/connection.ts";
import { type FanOutPorts, fanOut } from "../chat/fan-out.ts";
import { refuseOutsider } from "../chat/membership.ts";
import { messageFrame } from "../chat/message.ts";
import { refuseMuted, type SpeechPorts } from "../chat/moderation.ts";
import type { Channels, Connections, Messages, NewMessageId, Repeatable, Repeats } from "../chat/ports.ts";
import { SendMessage } from "../chat/protocol.ts";
import { type FrameHandler, pushingLambda } from "./frame-lambda.ts";

interface Ports extends FanOutPorts, SpeechPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "store">;
  readonly repeats: Repeats;
  readonly newMessageId: NewMessageId;
}

export const sendMessage: FrameHandler<SendMessage, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, data } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseOutsider(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  const request = { user: connected.user, channel, data, id: frame.id };
  const { message: id, isSaid } = await claim(ports, request);
  const reply = isAwaited(connected, frame) ? acknowledge(route, frame, { message: id }) : undefined;
  if (isSaid) return { reply, facts: { repeated: true } };
  const message = {
    id,
    channel,
    from: connected.user,
    data,
    ...(frame.id !== undefined && { clientMessageId: frame.id }),
  };
  // Stored before anybody hears it: who does not hear it finds it in `history`.
  if (!(await ports.messages.store(message))) return { reply, facts: { deleted: true } };
  ports.count("MessagesAccepted");
  const tally = await fanOut(ports, { channel, frame: messageFrame(message), deadline, senderShard: own.shard });
  // Heard before it counts as said: where this function dies first, the client's repeat brings it to everybody.
  if (isRepeatable(request)) await ports.repeats.settle({ ...request, message: id });
  return { reply, facts: { tally } };
};

type Request = Omit<Repeatable, "id" | "message"> & { readonly id: string | undefined };

const isRepeatable = (request: Request): request is Omit<Repeatable, "message"> => request.id !== undefined;

/** A repeat has the id of the first. */
async function claim({ repeats, newMessageId }: Pick<Ports, "repeats" | "newMessageId">, request: Request) {
  const message = newMessageId();
  return isRepeatable(request) ? repeats.claim({ ...request, message }) : { message, isSaid: false };
}

/** A client without a subprotocol reads its own words as its receipt, unless it gave an id to know it by. */
const isAwaited = ({ protocol }: Connected, { id }: SendMessage): boolean => protocol !== "plain" || id !== undefined;

export const handler = pushingLambda(SendMessage, sendMessage, {
  ...fanningOut,
  messages: messages(table, { now, retentionDays }),
  repeats: repeats(table, now),
  mutes: mutes(table, now),
  moderators,
  newMessageId,
});
