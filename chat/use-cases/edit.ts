import { encodeTime } from "ulid";
import { type Connected, membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import { editedFrame, type Message } from "../message.ts";
import type { Messages } from "../message-ports.ts";
import { type MutePorts, refuseMuted } from "../moderation.ts";
import { type OwnMessagePorts, readOwn, refuseLate, UNKNOWN_MESSAGE, versionsWith } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId } from "../ports.ts";
import type { Edit } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import { type ReviewPorts, reviewMessage } from "../review.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends FanOutPorts, MutePorts, ReviewPorts, Omit<OwnMessagePorts, "messages"> {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "get" | "edit" | "record">;
  readonly newMessageId: NewMessageId;
}

/** An edit can lose the write to another one of the same user. Each attempt reads the message again. */
const ATTEMPTS_MAX = 3;

/**
 * The text is replaced first. Then the edit is recorded under a new id, so that a client that misses the push finds it in
 * `history` after every id that it has read. A repeat records and delivers the edit again: the first attempt may have ended
 * in between, and clients recognize the edit by its id.
 */
export const editMessage: FrameHandler<Edit, Ports> = async (ports, request) => {
  const { connected, route, frame, deadline } = request;
  const { channel } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  const reviewed = await reviewMessage(ports, connected, frame);
  if ("refusal" in reviewed) return reviewed;
  const edit = encodeTime(request.receivedAt) + ports.newMessageId().slice(TIME_CHARACTERS);
  const result = await replaceText(ports, { connected, frame: { ...frame, data: reviewed.data }, edit });
  if ("refusal" in result) return result;
  const reply = acknowledge(route, frame);
  if (!result.edited) return { reply, facts: { ...reviewed.facts, unchanged: true } };
  const change = { id: ports.newMessageId(), channel, edited: frame.target };
  await ports.messages.record(change);
  const { id, from, data } = result.edited;
  ports.emit({ type: "message edited", id, channel, from, data, edit: result.edited.edit ?? edit });
  const notice = editedFrame(change.id, result.edited);
  const tally = await fanOut(ports, { channel, frame: notice, deadline, senderShard: own.shard });
  return { reply, facts: { ...reviewed.facts, tally } };
};

/** The characters of a ULID that encode its time. */
const TIME_CHARACTERS = 10;

interface Editing {
  readonly connected: Connected;
  readonly frame: Edit;
  /** The id of this edit. */
  readonly edit: string;
}

/** `edited` is undefined if there is nothing to deliver: the text is the original one, or a newer edit replaced this one. */
type Result = { readonly edited: Message | undefined } | { readonly refusal: Refusal };

async function replaceText(ports: Ports, editing: Editing): Promise<Result> {
  const { channel, target: id } = editing.frame;
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    const own = await readOwn(ports, editing.connected, { channel, id });
    if ("refusal" in own) return own;
    const { message } = own;
    const settled = resultWithoutWrite(ports, message, editing);
    if (settled) return settled;
    const { data, id: editFrameId } = editing.frame;
    const edited = { ...message, data, edit: editing.edit, editFrameId, versions: versionsWith(message) };
    if (await ports.messages.edit(edited, message.edit)) return { edited };
  }
  throw new Error(`A message was edited ${ATTEMPTS_MAX} times by other frames of its sender at the same time`);
}

/** The result if the message must not be changed. A repeat of the latest edit has no time limit. */
function resultWithoutWrite(ports: Ports, message: Message, editing: Editing): Result | undefined {
  if (message.deleted) return { refusal: UNKNOWN_MESSAGE };
  if (message.data === editing.frame.data) return { edited: message.edit === undefined ? undefined : message };
  if (isReplaced(message, editing)) return { edited: undefined };
  const late = refuseLate(ports, message);
  return late && { refusal: late };
}

/** Whether API Gateway received a newer edit, which was faster, or the frame is a repeat of an edit before the latest. */
const isReplaced = (
  { edit: latest = "", versions = [] }: Message,
  { frame, edit }: Pick<Editing, "frame" | "edit">,
): boolean =>
  latest > edit ||
  (frame.id !== undefined && versions.some(({ data, editFrameId }) => editFrameId === frame.id && data === frame.data));
