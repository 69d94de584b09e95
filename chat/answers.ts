import type { ServerFrameOf } from "./protocol.ts";

/** The client's own id, in whatever answers its frame. */
export const echoId = ({ id }: { readonly id?: string | undefined }): { id?: string } =>
  id === undefined ? {} : { id };

/** Says that a frame did what it asks for; `message` is the id of what was said by it. */
export const acknowledge = (
  request: string,
  frame: { readonly id?: string | undefined },
  message?: string,
): ServerFrameOf<"ack"> => ({
  type: "ack",
  request,
  ...echoId(frame),
  ...(message !== undefined && { message }),
});
