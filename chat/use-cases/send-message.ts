import { type Connected, membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import { messageFrame } from "../message.ts";
import { refuseMuted, type SpeechPorts } from "../moderation.ts";
import type { Channels, Connections, Repeats } from "../ports.ts";
import { acknowledge } from "../protocol/answers.ts";
import type { SendMessage } from "../protocol/client-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import { type StoringPorts, storeMessage } from "../store-message.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends FanOutPorts, SpeechPorts, StoringPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly repeats: Repeats;
}

export const sendMessage: FrameHandler<SendMessage, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, data } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  const draft = {
    channel,
    from: connected.user,
    data,
    ...(frame.id !== undefined && { clientMessageId: frame.id }),
  };
  // Stored before it is pushed: a client that misses the push finds it in `history`.
  const { message, outcome } = await storeMessage(ports, draft);
  const reply = isAwaited(connected, frame) ? acknowledge(route, frame, { message: message.id }) : undefined;
  if (outcome !== "stored") return { reply, facts: { [outcome]: true } };
  ports.count("MessagesAccepted");
  const tally = await fanOut(ports, { channel, frame: messageFrame(message), deadline, senderShard: own.shard });
  // After the fan-out: if this function dies before, a repeat delivers the message to everybody.
  if (frame.id !== undefined) {
    await ports.repeats.settle({ user: connected.user, channel, data, id: frame.id, message: message.id });
  }
  return { reply, facts: { tally } };
};

/** A plain client takes its own message as the acknowledgement, unless its frame has an `id`. */
const isAwaited = ({ protocol }: Connected, { id }: SendMessage): boolean => protocol !== "plain" || id !== undefined;
