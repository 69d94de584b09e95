import { createServer, type IncomingMessage, type Server } from "node:http";
import inspector from "node:inspector";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { close, LOOPBACK, listen } from "./http-server.ts";
import type { Stack } from "./terraform/stack.ts";

/** A port for debuggers, which shows the emulator and each thread as a target of its own. */
export interface Debugger {
  readonly port: number;
  /** Disconnects all debuggers, which resumes paused threads: a paused thread cannot be terminated. */
  detach(): void;
  stop(): Promise<void>;
}

/**
 * The id of a thread, from its title such as `[worker 4] connect`. Trap: `workerId` differs between sessions.
 * https://nodejs.org/api/worker_threads.html#new-workerfilename-options
 */
const idOf = (title: string): string => /^\[worker (\d+)\]/.exec(title)?.[1] ?? encodeURIComponent(title);

/** The id of the process in the list of targets. Threads have numbers. */
const PROCESS_ID = "process";

/**
 * Opens a port that debuggers find and attach to like that of `node --inspect`. Visual Studio Code attaches to the first
 * target, the process, and through it to all threads. Chrome does not find threads that way, so each thread is a target.
 * https://nodejs.org/en/learn/getting-started/debugging
 */
export async function startDebugger(requestedPort: number): Promise<Debugger> {
  const sockets = new Set<Duplex>();
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 0 });
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json; charset=UTF-8");
    response.end(JSON.stringify(answerTo(request, port, threads.found)));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    const id = request.url?.slice(1) ?? "";
    if (id === PROCESS_ID) return forwardToProcess({ request, socket, head });
    webSockets.handleUpgrade(request, socket, head, (webSocket) => attachToThread(webSocket, id));
  });
  const port = await listenForDebuggers(server, requestedPort);
  // Another emulator of this process can have opened it.
  const isOpen = inspector.url() !== undefined;
  if (!isOpen) inspector.open(0, LOOPBACK);
  const threads = followThreads();
  const detach = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    detach,
    async stop() {
      detach();
      threads.stop();
      await close(server);
      // Closing the inspector blocks until no debugger is attached.
      await setImmediate();
      if (!isOpen) inspector.close();
    },
  };
}

/** The titles of all threads of this process. */
function followThreads() {
  const session = new inspector.Session();
  const found = new Map<string, string>();
  session.connect();
  session.on("NodeWorker.attachedToWorker", ({ params }) => void found.set(params.sessionId, params.workerInfo.title));
  session.on("NodeWorker.detachedFromWorker", ({ params }) => void found.delete(params.sessionId));
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  return { found, stop: () => session.disconnect() };
}

/** Connects a debugger with a thread, through a session of its own. Closes the socket if there is no such thread. */
function attachToThread(webSocket: WebSocket, id: string): void {
  const session = new inspector.Session();
  let sessionId: string | undefined;
  session.connect();
  session.on("NodeWorker.attachedToWorker", ({ params }) => {
    if (idOf(params.workerInfo.title) === id) sessionId = params.sessionId;
  });
  session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
    if (params.sessionId === sessionId) webSocket.send(params.message);
  });
  session.on("NodeWorker.detachedFromWorker", ({ params }) => {
    if (params.sessionId === sessionId) webSocket.close();
  });
  webSocket.on("close", () => session.disconnect());
  webSocket.on("error", () => webSocket.terminate());
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false }, () => {
    if (sessionId === undefined) webSocket.close();
  });
  webSocket.on("message", (data) => {
    if (sessionId !== undefined) session.post("NodeWorker.sendMessageToWorker", { sessionId, message: String(data) });
  });
}

async function listenForDebuggers(server: Server, port: number): Promise<number> {
  try {
    return await listen(server, port);
  } catch (fault) {
    if (!(fault instanceof Error && fault.cause)) throw fault;
    throw new Error(
      `Port ${port} is in use. Stop the process that listens on it, or choose another port with --inspect=PORT.`,
      { cause: fault },
    );
  }
}

/** https://chromedevtools.github.io/devtools-protocol/#endpoints */
function answerTo({ url }: IncomingMessage, port: number, threads: ReadonlyMap<string, string>): unknown {
  if (url === "/json/version") return { Browser: `node.js/${process.version}`, "Protocol-Version": "1.1" };
  const targets = [...threads.values()].map((title) => ({ id: idOf(title), title }));
  return [{ id: PROCESS_ID, title: "emulator" }, ...targets].map(({ id, title }) => ({
    id,
    type: "node",
    title,
    description: "node.js instance",
    url: "file://",
    webSocketDebuggerUrl: `ws://${LOOPBACK}:${port}/${id}`,
    devtoolsFrontendUrl: `devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=${LOOPBACK}:${port}/${id}`,
  }));
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Connects a debugger with the inspector of the process. The handshake is passed on too. */
function forwardToProcess({ request: { rawHeaders }, socket, head }: Upgrade): void {
  const { port, pathname } = new URL(String(inspector.url()));
  const upstream = connect(Number(port), LOOPBACK);
  const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
  upstream.write(`${[`GET ${pathname} HTTP/1.1`, ...headers].join("\r\n")}\r\n\r\n`);
  upstream.write(head);
  upstream.pipe(socket).pipe(upstream);
  for (const [one, other] of [[upstream, socket] as const, [socket, upstream] as const]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

/** A day. Longer than a debugger is paused, and shorter than the longest delay of a timer. */
export const DEBUGGED_MILLISECONDS = 86_400_000;

/** A stack whose functions and integrations do not time out while a debugger pauses them. */
export const withoutTimeouts = (stack: Stack): Stack => ({
  ...stack,
  functions: stack.functions.map((config) => ({ ...config, timeoutSeconds: DEBUGGED_MILLISECONDS / 1000 })),
  routes: stack.routes.map(({ integration, ...route }) => ({
    ...route,
    integration: integration && { ...integration, timeoutMilliseconds: DEBUGGED_MILLISECONDS },
  })),
});
