import { ChatError } from "./chat-error.ts";
import type { SocketConstructor } from "./ports.ts";

/** The WebSocket of a browser, a worker or React Native. Rejects with a `ChatError` if there is none. */
export async function loadWebSocket(): Promise<SocketConstructor> {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor };
  if (WebSocket) return WebSocket;
  throw new ChatError("no-websocket", "This environment has no WebSocket. Pass one as the option `WebSocket`.");
}
