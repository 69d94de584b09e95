import { DATA_BYTES_MAX } from "./protocol.ts";
import { type OutgoingFrame, type Refusal, tooLong } from "./wire.ts";

/**
 * API Gateway closes the connection with 1009 for a larger frame, and a browser sends a message as one frame.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const FRAME_BYTES_MAX = 32 * 1024;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).byteLength;

/** The frame as it is sent, or the error for a frame that the chat or API Gateway would not accept. */
export function encodeFrame(frame: OutgoingFrame): string | Refusal {
  const { message, data } = frame;
  const isMessage = message === "sendmessage" || message === "direct";
  const textBytes = isMessage && typeof data === "string" ? bytesOf(data) : 0;
  if (textBytes > DATA_BYTES_MAX) {
    return tooLong(
      frame,
      `The message text is ${textBytes} bytes long; the chat accepts at most ${DATA_BYTES_MAX} bytes. Send it in several messages.`,
    );
  }
  const encoded = JSON.stringify(frame);
  const bytes = bytesOf(encoded);
  if (bytes <= FRAME_BYTES_MAX) return encoded;
  return tooLong(
    frame,
    `The frame is ${bytes} bytes long as JSON; API Gateway accepts at most ${FRAME_BYTES_MAX} bytes, and quotes, backslashes and line feeds count twice. Send it in several messages.`,
  );
}

/** The chat accepts at most this many items in a list. */
const LIST_LENGTH_MAX = 50;

/** Leaves 1 KB for the rest of the frame, such as its id. */
const LIST_BYTES_MAX = FRAME_BYTES_MAX - 1024;

/** Splits a list into parts that each fit into a frame. An empty list has no parts. */
export function splitList<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const itemBytes = bytesOf(JSON.stringify(item)) + 1;
    const part = parts.at(-1);
    if (part && part.length < LIST_LENGTH_MAX && bytes + itemBytes <= LIST_BYTES_MAX) {
      part.push(item);
      bytes += itemBytes;
    } else {
      parts.push([item]);
      bytes = itemBytes;
    }
  }
  return parts;
}

/** The error for the frame on which the connection was closed with 1009. */
export const closedAsTooLong = (frame: OutgoingFrame): Refusal =>
  tooLong(
    frame,
    "The connection was closed with code 1009 because the frame is too long. Send it in several messages.",
  );
