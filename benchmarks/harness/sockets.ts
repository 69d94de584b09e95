import { once } from "node:events";
import { WebSocket } from "ws";

const HANDSHAKES_AT_ONCE = 50;

/** Connects many sockets, several at a time. Rejects if one of them is refused. */
export async function connectMany(url: string, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  const remaining = Array.from({ length: count }).values();
  const workers = Array.from({ length: HANDSHAKES_AT_ONCE }, async () => {
    for (const _ of remaining) sockets.push(await connect(url));
  });
  await Promise.all(workers);
  return sockets;
}

export async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}

export async function closeAll(sockets: readonly WebSocket[]): Promise<void> {
  const closed = sockets.map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
}

/** Sends a frame and returns the next frame that the socket receives. */
export async function exchange(socket: WebSocket, frame: string): Promise<string> {
  const received = once(socket, "message");
  socket.send(frame);
  return String((await received)[0]);
}

/** Sends all frames at once. Resolves when the socket has received the same number of frames. */
export function exchangeAll(socket: WebSocket, frames: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    let left = frames.length;
    const count = () => {
      left -= 1;
      if (left > 0) return;
      socket.off("message", count);
      resolve();
    };
    socket.on("message", count);
    for (const frame of frames) socket.send(frame);
  });
}
