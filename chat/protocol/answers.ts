import type { ServerFrameOf } from "./client-frames.ts";

/** The client's own id, in whatever answers its frame. */
export const echoId = ({ id }: { readonly id?: string | undefined }): { id?: string } =>
  id === undefined ? {} : { id };

/** Says that a frame did what it asks for, and what came of it. */
export const acknowledge = (
  request: string,
  frame: { readonly id?: string | undefined },
  outcome: Pick<ServerFrameOf<"ack">, "message" | "channel" | "user" | "at"> = {},
): ServerFrameOf<"ack"> => ({ type: "ack", request, ...echoId(frame), ...outcome });
