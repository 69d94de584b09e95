import { once } from "node:events";
import { WebSocket } from "ws";

const HANDSHAKES_AT_ONCE = 50;

/** Connects many sockets, some at a time. Rejects when one is refused. */
export async function connectMany(url: string, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  const places = Array.from({ length: count }).values();
  const doors = Array.from({ length: HANDSHAKES_AT_ONCE }, async () => {
    for (const _ of places) sockets.push(await connect(url));
  });
  await Promise.all(doors);
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

/** Sends a frame, and gives the next one that comes. */
export async function ask(socket: WebSocket, frame: string): Promise<string> {
  const answered = once(socket, "message");
  socket.send(frame);
  return String((await answered)[0]);
}

/** Sends frames all at once. Resolves when as many have come back. */
export function exchange(socket: WebSocket, frames: readonly string[]): Promise<void> {
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
