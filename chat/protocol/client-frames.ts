import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import {
  banSeconds,
  channel,
  cursor,
  data,
  id,
  isOn,
  limit,
  membersCursor,
  muteSeconds,
  name,
  ulid,
  user,
} from "./fields.ts";
import type { serverFrames } from "./server-frames.ts";

/*
 * Every frame of the wire, `chat.v1`. Functions read what clients send with these schemas, clients get them as JSON
 * Schema (docs/protocol.schema.json) and as the types below. Fields that are not named here are ignored.
 */

/** The WebSocket subprotocol under which every frame is JSON. */
export const SUBPROTOCOL = "chat.v1";

/** How frames to a client look: bare text for whoever offered no subprotocol, else JSON. */
export type Protocol = "plain" | typeof SUBPROTOCOL;

/** Chosen by the client, and in the answer. */
const request = { id: v.optional(id) };
const inChannel = { ...request, channel: v.optional(channel, LOBBY) };

/** `{"message":"sendmessage","data":"hi","channel":"lobby","id":"c-1"}` */
export const SendMessage = v.object({ ...inChannel, data }, notTheFields);
export const Join = v.object(
  {
    ...request,
    channel,
    private: v.optional(
      isOn(
        "private",
        "Makes it a private channel of the user's own. The `ack` has its full name, by which all else goes.",
      ),
    ),
  },
  notTheFields,
);
export const Leave = v.object({ ...request, channel }, notTheFields);
export const History = v.object(
  {
    ...inChannel,
    limit: v.optional(limit, 50),
    before: v.optional(ulid("before", "Only messages before this id. With `after`: only entries between the two.")),
    after: v.optional(
      ulid("after", "Only messages and deletions after this id, from the earliest. Without it: the latest messages."),
    ),
  },
  notTheFields,
);
export const ListMembers = v.object({ ...inChannel, cursor: v.optional(membersCursor) }, notTheFields);
export const ListChannels = v.object({ ...request, cursor: v.optional(cursor) }, notTheFields);
export const Direct = v.object({ ...request, to: user("to", "What the user is called."), data }, notTheFields);
export const ChooseName = v.object({ ...request, data: name }, notTheFields);
export const Typing = v.object(inChannel, notTheFields);

const about = user("user", "The user that it affects.");
export const Invite = v.object(
  {
    ...request,
    channel,
    user: about,
    revoke: v.optional(isOn("revoke", "Withdraws the invitation and removes the user from the channel.")),
  },
  notTheFields,
);
export const Kick = v.object({ ...request, user: about }, notTheFields);
export const Ban = v.object({ ...request, user: about, seconds: v.optional(banSeconds) }, notTheFields);
export const Unban = v.object({ ...request, user: about }, notTheFields);
export const Mute = v.object({ ...inChannel, user: about, seconds: muteSeconds }, notTheFields);
export const Delete = v.object({ ...inChannel, target: ulid("target", "The message's id.") }, notTheFields);

/** What a client may send, by the route that takes it. */
export const clientFrames = {
  sendmessage: SendMessage,
  join: Join,
  leave: Leave,
  history: History,
  members: ListMembers,
  channels: ListChannels,
  direct: Direct,
  name: ChooseName,
  typing: Typing,
  invite: Invite,
  kick: Kick,
  ban: Ban,
  unban: Unban,
  mute: Mute,
  delete: Delete,
} as const;

export type SendMessage = v.InferOutput<typeof SendMessage>;
export type Join = v.InferOutput<typeof Join>;
export type Leave = v.InferOutput<typeof Leave>;
export type History = v.InferOutput<typeof History>;
export type ListMembers = v.InferOutput<typeof ListMembers>;
export type ListChannels = v.InferOutput<typeof ListChannels>;
export type Direct = v.InferOutput<typeof Direct>;
export type ChooseName = v.InferOutput<typeof ChooseName>;
export type Typing = v.InferOutput<typeof Typing>;
export type Invite = v.InferOutput<typeof Invite>;
export type Kick = v.InferOutput<typeof Kick>;
export type Ban = v.InferOutput<typeof Ban>;
export type Unban = v.InferOutput<typeof Unban>;
export type Mute = v.InferOutput<typeof Mute>;
export type Delete = v.InferOutput<typeof Delete>;

type ClientFrames = typeof clientFrames;
/** A frame of a client, as it is sent. */
export type ClientFrame = {
  [Route in keyof ClientFrames]: { readonly message: Route } & v.InferInput<ClientFrames[Route]>;
}[keyof ClientFrames];

type ServerFrames = typeof serverFrames;
/** A frame to a client. */
export type ServerFrame = { [Type in keyof ServerFrames]: v.InferOutput<ServerFrames[Type]> }[keyof ServerFrames];
export type ServerFrameOf<Type extends keyof ServerFrames> = v.InferOutput<ServerFrames[Type]>;

/** Says what an object lacks, or that it is none. Arrays pass for objects, and lack the field. */
function notTheFields({ path, received }: v.ObjectIssue): string {
  const field = path?.[0]?.key;
  if (field !== undefined) return `"${String(field)}" is missing.`;
  // A string would be quoted whole, however long.
  return `The frame is ${received.startsWith('"') ? "a string" : received}; it must be a JSON object.`;
}
