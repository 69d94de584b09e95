import "../function-environment.ts";
import type { Scheduler } from "fast-check";
import type { Config } from "../../../aws/config.ts";
import { ChooseName, Delete, Direct, Edit, Join, Leave } from "../../../chat/protocol/client-frames.ts";
import { History, ListConversations } from "../../../chat/protocol/history-frames.ts";
import { ListChannels } from "../../../chat/protocol/list-frames.ts";
import { React } from "../../../chat/protocol/react-frame.ts";
import { Read, Unread } from "../../../chat/protocol/read-frames.ts";
import { SendMessage } from "../../../chat/protocol/send-message-frame.ts";
import { channels } from "../../../chat/use-cases/channels.ts";
import { conversations } from "../../../chat/use-cases/conversations.ts";
import { deleteMessage } from "../../../chat/use-cases/delete.ts";
import { direct } from "../../../chat/use-cases/direct.ts";
import { editMessage } from "../../../chat/use-cases/edit.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";
import { name } from "../../../chat/use-cases/name.ts";
import { react } from "../../../chat/use-cases/react.ts";
import { read } from "../../../chat/use-cases/read.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { unread } from "../../../chat/use-cases/unread.ts";
import { connectLambda } from "../../../handlers/connect.ts";
import { disconnectLambda } from "../../../handlers/disconnect.ts";
import { pushReplyLambda, routeResponseLambda } from "../../../handlers/runtime/frame-lambda.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "../../../handlers/runtime/lambda.ts";
import { aContext, NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import { SEED, seededRandom } from "../random.ts";
import { type ClientConnection, type ClientIdentity, type Connect, PendingRequests } from "./client-connection.ts";
import { interleaved } from "./interleaved.ts";

/** The maximum number of latest writes that an eventually consistent read does not show. */
const LAG_WRITES_MAX = 8;

/** A handshake times out after 29 seconds. */
const HANDSHAKE_MILLISECONDS_MAX = 29_000;

interface Socket {
  readonly id: string;
  readonly connectedAt: number;
  /** A push to an opening or closed connection is a 410. */
  state: "opening" | "open" | "closed";
  readonly receive: (text: string) => void;
  /** Undefined: a guest. */
  readonly user: string | undefined;
}

interface GatewayOptions {
  /** Default: a second. */
  readonly millisecondsPerRequest?: number | undefined;
  readonly settings?: Partial<Config>;
}

const functionsOf = (
  chat: Chat,
): Readonly<Record<string, (event: RouteEvent, context: LambdaContext) => Promise<RouteResult>>> => ({
  $connect: connectLambda(chat),
  $disconnect: disconnectLambda(chat),
  sendmessage: pushReplyLambda(SendMessage, sendMessage, chat),
  join: routeResponseLambda(Join, join, chat),
  leave: routeResponseLambda(Leave, leave, chat),
  history: routeResponseLambda(History, history, chat),
  name: routeResponseLambda(ChooseName, name, chat),
  edit: routeResponseLambda(Edit, editMessage, chat),
  delete: routeResponseLambda(Delete, deleteMessage, chat),
  direct: routeResponseLambda(Direct, direct, chat),
  conversations: routeResponseLambda(ListConversations, conversations, chat),
  channels: routeResponseLambda(ListChannels, channels, chat),
  react: routeResponseLambda(React, react, chat),
  read: routeResponseLambda(Read, read, chat),
  unread: routeResponseLambda(Unread, unread, chat),
});

/**
 * The real handlers behind a minimal API Gateway, on a store in memory with lagging reads. The scheduler decides in which
 * order calls continue. Each request takes some time.
 */
export class Gateway {
  readonly #sockets: Socket[] = [];
  readonly #scheduler: Scheduler;
  readonly #millisecondsPerRequest: number;
  readonly #functions: ReturnType<typeof functionsOf>;
  #now = NOON;
  /** The ports without the scheduler. */
  readonly chat: Chat;

  constructor(scheduler: Scheduler, { millisecondsPerRequest = 1000, settings }: GatewayOptions = {}) {
    this.#scheduler = scheduler;
    this.#millisecondsPerRequest = millisecondsPerRequest;
    const lag = seededRandom(SEED);
    this.chat = aChat({
      now: () => this.#now,
      lag: () => lag.below(LAG_WRITES_MAX),
      ownMessageMinutes: 15,
      ...settings,
    });
    let guests = 0;
    const own = {
      newSuffix: () => String(guests++).padStart(6, "a"),
      push: async (id: string, frame: string) => this.#push(id, frame),
    };
    this.#functions = functionsOf(interleaved(scheduler, { ...this.chat, ...own }));
  }

  get connectionIds(): readonly string[] {
    return this.#sockets.map(({ id }) => id);
  }

  readonly connect: Connect = async (identity, onFrame) => {
    const requests = new PendingRequests();
    const receive = (text: string): void => void (requests.settle(text) || onFrame(text));
    const id = String(this.#sockets.length);
    const socket: Socket = { id, connectedAt: this.#now, state: "opening", receive, user: identity.user };
    this.#sockets.push(socket);
    await this.#run(socket, { routeKey: "$connect", ...headersOf(identity) });
    socket.state = "open";
    return this.#connectionOf(socket, requests);
  };

  #connectionOf(socket: Socket, requests: PendingRequests): ClientConnection {
    const running: Promise<unknown>[] = [];
    const close = async (): Promise<void> => {
      socket.state = "closed";
      requests.end();
      await Promise.all(running);
    };
    return {
      request: (frame) => {
        if (socket.state === "closed") return Promise.resolve(undefined);
        const { text: body, answer } = requests.expect(frame);
        running.push(this.#run(socket, { routeKey: JSON.parse(body).message, body }));
        return answer;
      },
      terminate: close,
      close: async () => {
        const closing = close();
        await Promise.all([closing, this.#run(socket, { routeKey: "$disconnect" })]);
      },
    };
  }

  /** Lets time pass, at most until the timeout of a pending handshake. */
  pass(milliseconds: number): void {
    const pending = this.#sockets.filter(({ state }) => state === "opening").map(({ connectedAt }) => connectedAt);
    this.#now = Math.min(this.#now + milliseconds, Math.min(...pending) + HANDSHAKE_MILLISECONDS_MAX);
  }

  async #run(socket: Socket, { routeKey, ...event }: Omit<RouteEvent, "requestContext"> & { routeKey: string }) {
    this.pass(this.#millisecondsPerRequest);
    await this.#scheduler.schedule(Promise.resolve(), `${routeKey} ${event.body ?? ""} of ${socket.id}`);
    const { id: connectionId, connectedAt, user } = socket;
    const requestContext = {
      ...{ routeKey, requestId: "", requestTimeEpoch: this.#now, connectionId, connectedAt },
      ...(user !== undefined && { authorizer: { user, groups: "[]" } }),
    };
    const result = await this.#functions[routeKey]?.({ ...event, requestContext }, aContext());
    if (result?.statusCode !== 200) throw new Error(`${routeKey} failed.`);
    if (result.body !== undefined && socket.state === "open") socket.receive(result.body);
  }

  #push(id: string, frame: string) {
    const socket = this.#sockets[Number(id)];
    if (socket?.state !== "open") return "gone";
    socket.receive(frame);
    return "delivered";
  }
}

const headersOf = ({ protocol }: ClientIdentity) =>
  protocol === "plain" ? {} : { headers: { "Sec-WebSocket-Protocol": protocol } };
