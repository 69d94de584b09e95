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

/** The error for the frame on which the connection was closed with 1009. */
export const closedAsTooLong = (frame: OutgoingFrame): Refusal =>
  tooLong(
    frame,
    "The connection was closed with code 1009 because the frame is too long. Send it in several messages.",
  );
