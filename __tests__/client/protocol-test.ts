import {
  CHANNEL_NAME,
  type ClientFrame,
  DATA_BYTES_MAX,
  type ErrorCode,
  LOBBY,
  MENTIONS_MAX,
  PAGE_MAX,
  RESUME_WINDOW_MILLISECONDS,
  type ServerFrame,
  SUBPROTOCOL,
} from "@serverless-chat/client";
import { expect } from "chai";
import * as channel from "../../chat/channel.ts";
import * as message from "../../chat/message.ts";
import type * as clientFrames from "../../chat/protocol/client-frames.ts";
import { clientFrames as allFrames } from "../../chat/protocol/client-frames.ts";
import type { Code } from "../../chat/protocol/error-codes.ts";
import * as fields from "../../chat/protocol/fields.ts";
import * as sending from "../../chat/protocol/send-message-frame.ts";
import * as chatProtocol from "../../chat/protocol/subprotocol.ts";

/** The same type, with every property read-only. */
type Immutable<Type> = { readonly [Key in keyof Type]: Immutable<Type[Key]> };

/** `true` if each type can be assigned to the other. Property by property, so that an optional one cannot be missing. */
type IsSame<One, Other> = [Immutable<One>] extends [Immutable<Other>]
  ? [Immutable<Other>] extends [Immutable<One>]
    ? true
    : false
  : false;

type TypeOf<Frame extends ServerFrame> = Frame["type"];
type RouteOf<Frame extends ClientFrame> = Frame["message"];

/** The compiler checks these: a frame that differs is `false`, and its name is in the error message. */
const SERVER_FRAMES: {
  readonly [Type in TypeOf<ServerFrame> | clientFrames.ServerFrame["type"]]: IsSame<
    Required<Extract<ServerFrame, { type: Type }>>,
    Required<Extract<clientFrames.ServerFrame, { type: Type }>>
  > &
    IsSame<Extract<ServerFrame, { type: Type }>, Extract<clientFrames.ServerFrame, { type: Type }>>;
} = {
  message: true,
  direct: true,
  deleted: true,
  edited: true,
  reacted: true,
  joined: true,
  left: true,
  named: true,
  typing: true,
  invited: true,
  revoked: true,
  kicked: true,
  banned: true,
  muted: true,
  unmuted: true,
  read: true,
  receipt: true,
  ack: true,
  history: true,
  conversation: true,
  conversations: true,
  members: true,
  channels: true,
  unread: true,
  error: true,
};

/** A route that the package does not know can be called with `session.request`. */
const CLIENT_FRAMES: {
  readonly [Route in RouteOf<ClientFrame>]: IsSame<
    Required<Extract<ClientFrame, { message: Route }>>,
    Required<Extract<clientFrames.ClientFrame, { message: Route }>>
  > &
    IsSame<Extract<ClientFrame, { message: Route }>, Extract<clientFrames.ClientFrame, { message: Route }>>;
} = {
  sendmessage: true,
  join: true,
  leave: true,
  history: true,
  members: true,
  channels: true,
  conversations: true,
  direct: true,
  name: true,
  typing: true,
  invite: true,
  kick: true,
  ban: true,
  unban: true,
  mute: true,
  delete: true,
  edit: true,
  react: true,
  read: true,
  unread: true,
};

const HAS_SAME_CODES: IsSame<ErrorCode, Code> = true;

describe("packages/client, its protocol", () => {
  it("has the frames of the schemas", () => {
    expect(Object.keys(allFrames)).to.include.members(Object.keys(CLIENT_FRAMES));
    expect(Object.values({ ...SERVER_FRAMES, ...CLIENT_FRAMES, HAS_SAME_CODES })).not.to.include(false);
  });

  it("has the limits of the chat", () => {
    expect(LOBBY).to.equal(channel.LOBBY);
    expect(CHANNEL_NAME).to.deep.equal(channel.CHANNEL_NAME);
    expect(DATA_BYTES_MAX).to.equal(message.DATA_BYTES_MAX);
    expect(RESUME_WINDOW_MILLISECONDS).to.equal(message.RESUME_WINDOW_MILLISECONDS);
    expect(PAGE_MAX).to.equal(fields.PAGE_MAX);
    expect(MENTIONS_MAX).to.equal(sending.MENTIONS_MAX);
    expect(SUBPROTOCOL).to.equal(chatProtocol.SUBPROTOCOL);
  });
});
