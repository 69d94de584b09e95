import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import { channel, data, flag, id, missingField, name, ulid, user } from "./fields.ts";
import { History, ListConversations } from "./history-frames.ts";
import { ListChannels, ListMembers } from "./list-frames.ts";
import { Ban, Invite, Kick, Mute, Unban } from "./moderation-frames.ts";
import { inPlace } from "./place-fields.ts";
import { React } from "./react-frame.ts";
import { Read, Unread } from "./read-frames.ts";
import { SendMessage } from "./send-message-frame.ts";
import type { serverFrames } from "./server-frames.ts";

/*
 * The frames that clients send. Functions validate frames with these schemas. Clients get them as JSON Schema
 * (docs/protocol.schema.json) and as the types below. Unknown fields are ignored.
 */

const request = { id: v.optional(id) };
const inChannel = { ...request, channel: v.optional(channel, LOBBY) };

export const Join = v.object(
  {
    ...request,
    channel,
    private: v.optional(
      flag(
        "private",
        "Creates a private channel that the user owns. The `ack` has its full name, which all other frames use.",
      ),
    ),
  },
  missingField,
);
export const Leave = v.object({ ...request, channel }, missingField);
export const Direct = v.object(
  {
    ...request,
    to: user("to", "The name of the user."),
    data,
    replyTo: v.optional(
      ulid(
        "replyTo",
        "The id of the message of the same conversation that this one replies to. The chat does not look it up. Requires `directConversations`.",
      ),
    ),
  },
  missingField,
);
export const ChooseName = v.object({ ...request, data: name }, missingField);
export const Typing = v.object(inChannel, missingField);
const ofMessage = { ...request, ...inPlace, target: ulid("target", "The id of the message.") };
export const Edit = v.object({ ...ofMessage, data }, missingField);
export const Delete = v.object(ofMessage, missingField);

/** The schema of each frame, by its route key. */
export const clientFrames = {
  sendmessage: SendMessage,
  join: Join,
  leave: Leave,
  history: History,
  members: ListMembers,
  channels: ListChannels,
  conversations: ListConversations,
  direct: Direct,
  name: ChooseName,
  typing: Typing,
  invite: Invite,
  kick: Kick,
  ban: Ban,
  unban: Unban,
  mute: Mute,
  delete: Delete,
  edit: Edit,
  react: React,
  read: Read,
  unread: Unread,
} as const;

export type Join = v.InferOutput<typeof Join>;
export type Leave = v.InferOutput<typeof Leave>;
export type Direct = v.InferOutput<typeof Direct>;
export type ChooseName = v.InferOutput<typeof ChooseName>;
export type Typing = v.InferOutput<typeof Typing>;
export type Delete = v.InferOutput<typeof Delete>;
export type Edit = v.InferOutput<typeof Edit>;

type ClientFrames = typeof clientFrames;
/** A frame as a client sends it. */
export type ClientFrame = {
  [Route in keyof ClientFrames]: { readonly message: Route } & v.InferInput<ClientFrames[Route]>;
}[keyof ClientFrames];

type ServerFrames = typeof serverFrames;
/** A frame to a client. */
export type ServerFrame = { [Type in keyof ServerFrames]: v.InferOutput<ServerFrames[Type]> }[keyof ServerFrames];
export type ServerFrameOf<Type extends keyof ServerFrames> = v.InferOutput<ServerFrames[Type]>;
