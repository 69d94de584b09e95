import { ChatError } from "./chat-error.ts";
import type { SocketConstructor } from "./ports.ts";

/** The WebSocket of Node 22 and newer, or else that of the package `ws`. Rejects with a `ChatError` if there is none. */
export async function loadWebSocket(): Promise<SocketConstructor> {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor };
  if (WebSocket) return WebSocket;
  try {
    return (await import("ws")).WebSocket;
  } catch (cause) {
    throw new ChatError(
      "no-websocket",
      "Node.js 20 has no WebSocket. Install the package ws (npm install ws), or use Node.js 22 or newer.",
      { cause },
    );
  }
}
