import { type Message, messageFrame } from "./message.ts";
import type { ServerFrameOf } from "./protocol.ts";

/** Longest answer, with room for what is around the messages. A route response is one message of API Gateway's, metered by 32 KB. */
const PAGE_BYTES_MAX = 30_000;

type Page = Pick<ServerFrameOf<"history">, "messages" | "cursor">;

/**
 * Cuts what was found to a page, oldest first, and says where to go on: `before` the oldest when the latest were asked
 * for, `after` the latest otherwise. No cursor: there is no more. `found` holds one more than `limit`, if there is.
 */
export function pageOf(
  found: readonly Message[],
  { limit, latestFirst }: { readonly limit: number; readonly latestFirst: boolean },
): Page {
  const frames = takeWhileFits(found.slice(0, limit).map(messageFrame));
  const last = frames.at(-1);
  const messages = latestFirst ? frames.reverse() : frames;
  if (frames.length === found.length || !last) return { messages };
  return { messages, cursor: latestFirst ? { before: last.id } : { after: last.id } };
}

/** At least one, however long: a single message always fits. */
function takeWhileFits(frames: readonly ServerFrameOf<"message">[]): ServerFrameOf<"message">[] {
  let bytes = 0;
  return frames.filter((frame, index) => {
    bytes += Buffer.byteLength(JSON.stringify(frame)) + 1;
    return index === 0 || bytes <= PAGE_BYTES_MAX;
  });
}
