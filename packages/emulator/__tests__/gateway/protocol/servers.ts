import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { WebSocket as UndiciWebSocket } from "undici";
import { WebSocketServer } from "ws";
import { type Emulator, start } from "../../../src/start.ts";
import { fixtureStack, returning } from "../../../src/testing/fixture-stack.ts";
import { bytesOf, close, frameReader, type RawFrame } from "./frame-bytes.ts";
import { requestOf } from "./handshake-cases.ts";

/** A server that echoes messages. */
export interface EchoServer {
  readonly host: string;
  readonly path: string;
  stop(): Promise<unknown>;
}

const SELECTING =
  '{ statusCode: 200, headers: { "Sec-WebSocket-Protocol": event.queryStringParameters?.select ?? null } }';

const LOGGING =
  "export const handler = async ({ requestContext }) => console.info(requestContext.disconnectStatusCode);";

/**
 * The emulator. Its `$connect` selects the subprotocol in the query parameter `select`. Each `$disconnect` passes its
 * code to `onDisconnect`.
 */
export async function startEmulator(onDisconnect: (code: unknown) => void = () => undefined): Promise<EchoServer> {
  const emulator: Emulator = await start({
    stackDirectory: fixtureStack({
      routes: {
        $connect: { code: returning(SELECTING) },
        $default: { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true },
        $disconnect: { code: LOGGING },
      },
    }),
    log: ({ message }) => onDisconnect(message),
  });
  const { host, pathname } = new URL(emulator.url);
  return { host, path: pathname, stop: () => emulator.stop() };
}

export async function startWs(): Promise<EchoServer> {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    perMessageDeflate: false,
    handleProtocols: (_offered, { url = "" }) => new URLSearchParams(url.split("?")[1]).get("select") ?? false,
  });
  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: "/",
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

export interface Response {
  readonly status: number;
  /** The last value of each header, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Is open after a 101. */
  readonly socket: Socket;
}

/** Sends a request and reads the head of the response. The socket continues after it. */
export async function request({ host }: EchoServer, bytes: string): Promise<Response> {
  const [hostname, port] = host.split(":");
  const socket = connect(Number(port), hostname);
  socket.on("error", () => socket.destroy());
  socket.write(bytes, "latin1");
  let received = "";
  while (!received.includes("\r\n\r\n")) received += (await once(socket, "data"))[0].toString("latin1");
  socket.pause();
  const end = received.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = received.slice(0, end).split("\r\n");
  socket.unshift(Buffer.from(received.slice(end + 4), "latin1"));
  const headers = lines.map((line): [string, string] => {
    const [name = "", value = ""] = line.split(/:\s*(.*)/s);
    return [name.toLowerCase(), value];
  });
  return { status: Number(statusLine.split(" ")[1]), headers: Object.fromEntries(headers), socket };
}

interface Conversation {
  readonly sender: "client" | "server";
  readonly sends: readonly RawFrame[];
  /** How many frames the other side sends. */
  readonly count: number;
  readonly byByte?: boolean | undefined;
}

const GOODBYE = close(1000);

/**
 * Sends frames and returns all frames of the other side until the connection ends. After the expected number of frames,
 * it closes the connection with 1000, unless the other side has closed it.
 */
export async function converse(socket: Socket, { sender, sends, count, byByte }: Conversation): Promise<string[]> {
  const frames: string[] = [];
  const read = frameReader();
  const bytes = Buffer.concat(sends.map((each) => bytesOf(each, sender)));
  let hasSaidGoodbye = false;
  socket.on("data", (chunk: Buffer) => {
    frames.push(...read(chunk));
    if (frames.at(-1)?.startsWith("close")) socket.end();
    else if (frames.length >= count && !hasSaidGoodbye) hasSaidGoodbye = socket.write(bytesOf(GOODBYE, sender)) || true;
  });
  socket.resume();
  socket.setNoDelay(true);
  for (const packet of byByte ? Array.from(bytes, (byte) => Buffer.from([byte])) : [bytes]) socket.write(packet);
  await once(socket, "close");
  return frames;
}

/** Connects to the server and sends the frames of a client. */
export async function converseWith(server: EchoServer, conversation: Omit<Conversation, "sender">): Promise<string[]> {
  const { status, socket } = await request(server, requestOf({}, server));
  if (status !== 101) throw new Error(`The handshake failed with ${status}.`);
  return converse(socket, { ...conversation, sender: "client" });
}

/** The client of undici receives the frames of a server, and echoes messages. */
export async function converseWithUndici(conversation: Omit<Conversation, "sender">): Promise<string[]> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new UndiciWebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.binaryType = "arraybuffer";
  client.onmessage = ({ data }) => client.send(data);
  const [socket] = (await once(server, "connection")) as [Socket];
  const [head] = await once(socket, "data");
  socket.pause();
  const [, key] = /sec-websocket-key: (\S+)/i.exec(String(head)) ?? [];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const upgrade = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write([...upgrade, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
  const frames = await converse(socket, { ...conversation, sender: "server" });
  server.close();
  return frames;
}
