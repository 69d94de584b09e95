import { encodeTime } from "ulid";
import type { Connected } from "../connection.ts";
import { editedFrame, type Message } from "../message.ts";
import { announceChange, type ChangePorts, type Place, type PlacePorts, unmutedPlaceOf } from "../message-changes.ts";
import type { Messages } from "../message-ports.ts";
import type { MutePorts } from "../moderation.ts";
import { type OwnMessagePorts, readOwn, refuseLate, unknownMessage, versionsWith } from "../own-messages.ts";
import type { Channels, Connections, DigestOf, NewMessageId } from "../ports.ts";
import type { Edit } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal } from "../protocol/frames.ts";
import { type Reviewed, type ReviewPorts, reviewMessage } from "../review.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ChangePorts, PlacePorts, MutePorts, ReviewPorts, Omit<OwnMessagePorts, "messages"> {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "get" | "edit" | "record">;
  readonly newMessageId: NewMessageId;
  readonly digestOf: DigestOf;
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
  const found = await unmutedPlaceOf(ports, connected, frame);
  if ("refusal" in found) return found;
  const { place } = found;
  const edit = encodeTime(request.receivedAt) + ports.newMessageId().slice(TIME_CHARACTERS);
  const result = await replaceText(ports, { connected, place, frame, edit, digest: digestOf(ports, frame) });
  if ("refusal" in result) return result;
  const { edited, facts } = result;
  const reply = acknowledge(route, frame);
  if (!edited) return { reply, facts: { ...facts, unchanged: true } };
  const { channel } = place;
  const change = { id: ports.newMessageId(), channel, edited: frame.target };
  await ports.messages.record(change);
  const { id, from, data } = edited;
  // There are no events for conversations.
  if (!place.conversation) ports.emit({ type: "message edited", id, channel, from, data, edit: edited.edit ?? edit });
  const announced = await announceChange(ports, connected, {
    ...{ place, change: change.id, deadline },
    frameIn: (of) => editedFrame(of, change.id, edited),
  });
  return { reply, facts: { ...facts, ...announced } };
};

/** The characters of a ULID that encode its time. */
const TIME_CHARACTERS = 10;

/** Compares the text that was sent: the review can have stored another text. */
const digestOf = (ports: Ports, { target, id, data }: Edit): string =>
  ports.digestOf(JSON.stringify([target, id, data]));

interface Editing {
  readonly connected: Connected;
  readonly place: Place;
  readonly frame: Edit;
  /** The id of this edit. */
  readonly edit: string;
  readonly digest: string;
}

/** `edited` is undefined if there is nothing to deliver: the text is the original one, or a newer edit replaced this one. */
type Result = ({ readonly edited: Message | undefined } | { readonly refusal: Refusal }) & {
  readonly facts?: object;
};

/** The text is reviewed once, and only if the edit is allowed and is not a repeat. */
async function replaceText(ports: Ports, editing: Editing): Promise<Result> {
  const { connected, place, frame, edit, digest: editDigest } = editing;
  const { channel } = place;
  let reviewed: Reviewed | undefined;
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    const own = await readOwn(ports, connected, { channel, id: frame.target });
    if ("refusal" in own) return own;
    const { message } = own;
    const settled = resultWithoutWrite(ports, message, editing);
    if (settled) return settled;
    reviewed ??= await reviewEdit(ports, editing);
    if ("refusal" in reviewed) return reviewed;
    const { data, ...review } = reviewed;
    const edited = { ...message, data, edit, editDigest, versions: versionsWith(message) };
    if (await ports.messages.edit(edited, message.edit)) return { edited, ...review };
  }
  throw new Error(`A message was edited ${ATTEMPTS_MAX} times by other frames of its sender at the same time`);
}

/** Direct messages are not reviewed, so neither are their edits. */
const reviewEdit = async (ports: Ports, { connected, place, frame: { data } }: Editing): Promise<Reviewed> =>
  place.conversation ? { data } : reviewMessage(ports, connected, { channel: place.channel, data });

/** The result if the message must not be changed. A repeat of the latest edit has no time limit. */
function resultWithoutWrite(ports: Ports, message: Message, editing: Editing): Result | undefined {
  if (message.deleted) return { refusal: unknownMessage(message) };
  if (message.editDigest === editing.digest || message.data === editing.frame.data)
    return { edited: message.edit === undefined ? undefined : message };
  if (isReplaced(message, editing)) return { edited: undefined };
  const late = refuseLate(ports, message);
  return late && { refusal: late };
}

/** Whether API Gateway received a newer edit, which was faster, or the frame is a repeat of an edit before the latest. */
const isReplaced = ({ edit: latest = "", versions = [] }: Message, { frame, edit, digest }: Editing): boolean =>
  latest > edit || (frame.id !== undefined && versions.some(({ editDigest }) => editDigest === digest));
