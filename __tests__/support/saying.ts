import type { Connected } from "../../chat/connection.ts";
import type { FrameHandler, FrameOutcome } from "../../chat/use-cases/use-case.ts";
import type { Chat } from "./chat.ts";

/** What a handler makes of a frame, as its boundary would call it: with the connection as it is stored now. */
export const saying =
  <Frame, Ports>(handler: FrameHandler<Frame, Ports>, route: string) =>
  async (chat: Chat & Ports, connected: Connected, frame: Frame): Promise<FrameOutcome> =>
    handler(chat, { connected: await chat.stored(connected), route, frame, deadline: Number.POSITIVE_INFINITY });
