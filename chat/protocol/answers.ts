import type { ServerFrameOf } from "./client-frames.ts";

/** The client's own id, for the response to its frame. */
export const echoId = ({ id }: { readonly id?: string | undefined }): { id?: string } =>
  id === undefined ? {} : { id };

export const acknowledge = (
  request: string,
  frame: { readonly id?: string | undefined },
  outcome: Pick<ServerFrameOf<"ack">, "message" | "channel" | "user" | "at"> = {},
): ServerFrameOf<"ack"> => ({ type: "ack", request, ...echoId(frame), ...outcome });
