/* A process with a bare ws server that answers the same frames without a gateway or functions: the upper limit. */
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });

server.on("connection", (socket) => {
  socket.on("message", (data) => answer(socket, String(data)));
});
server.on("listening", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `ws://127.0.0.1:${port}` });
});
// "disconnect": the parent process has exited.
for (const end of ["SIGTERM", "disconnect"]) process.once(end, () => process.exit());

function answer(socket: WebSocket, frame: string): void {
  if (!frame.startsWith('{"message":"broadcast"')) return void socket.send(frame);
  const { data } = JSON.parse(frame);
  for (const client of server.clients) client.send(data);
}
