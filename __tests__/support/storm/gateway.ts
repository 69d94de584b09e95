import "../function-environment.ts";
import type { Scheduler } from "fast-check";
import { ChooseName, History, Join, Leave, SendMessage } from "../../../chat/protocol/client-frames.ts";
import { history } from "../../../chat/use-cases/history.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";
import { name } from "../../../chat/use-cases/name.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { connectLambda } from "../../../handlers/connect.ts";
import { disconnectLambda } from "../../../handlers/disconnect.ts";
import { pushReplyLambda, routeResponseLambda } from "../../../handlers/runtime/frame-lambda.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "../../../handlers/runtime/lambda.ts";
import { aContext, NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import { seededRandom } from "../random.ts";
import { interleaved } from "./interleaved.ts";
import { Answers, type Caller, type Dial, type Line } from "./line.ts";
import { SEED } from "./seed.ts";

/** Eventually consistent reads do not show up to so many of the latest writes. */
const LAG_WRITES_MAX = 8;

/** API Gateway gives up on a handshake after 29 seconds, so none is older. */
const HANDSHAKE_MILLISECONDS_MAX = 29_000;

interface Socket {
  readonly id: string;
  readonly connectedAt: number;
  /** Until the handshake is answered, and once it is closed, a push to it is a 410. */
  state: "opening" | "open" | "closed";
  readonly receive: (text: string) => void;
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
});

/**
 * The real handlers behind a minimal API Gateway, on a store in memory whose eventually consistent reads lag. The
 * scheduler decides in which order their calls continue. Some time passes with every request.
 */
export class Gateway {
  readonly #sockets: Socket[] = [];
  readonly #scheduler: Scheduler;
  readonly #millisecondsPerRequest: number;
  readonly #functions: ReturnType<typeof functionsOf>;
  #now = NOON;
  /** What is stored, to be looked at from outside. */
  readonly chat: Chat;

  constructor(scheduler: Scheduler, millisecondsPerRequest = 1000) {
    this.#scheduler = scheduler;
    this.#millisecondsPerRequest = millisecondsPerRequest;
    const lag = seededRandom(SEED);
    this.chat = aChat({ now: () => this.#now, behind: () => lag.below(LAG_WRITES_MAX) });
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

  readonly dial: Dial = async (caller, hear) => {
    const answers = new Answers();
    const receive = (text: string): void => void (answers.take(text) || hear(text));
    const socket: Socket = { id: String(this.#sockets.length), connectedAt: this.#now, state: "opening", receive };
    this.#sockets.push(socket);
    await this.#run(socket, { routeKey: "$connect", ...headersOf(caller) });
    socket.state = "open";
    return this.#line(socket, answers);
  };

  #line(socket: Socket, answers: Answers): Line {
    const underWay: Promise<unknown>[] = [];
    const close = async (): Promise<void> => {
      socket.state = "closed";
      answers.end();
      await Promise.all(underWay);
    };
    return {
      ask: (frame) => {
        if (socket.state === "closed") return Promise.resolve(undefined);
        const { text: body, answer } = answers.expect(frame);
        underWay.push(this.#run(socket, { routeKey: JSON.parse(body).message, body }));
        return answer;
      },
      die: close,
      hangUp: async () => {
        const closing = close();
        await Promise.all([closing, this.#run(socket, { routeKey: "$disconnect" })]);
      },
    };
  }

  /** Lets time go by, but for handshakes that are pending. */
  pass(milliseconds: number): void {
    const pending = this.#sockets.filter(({ state }) => state === "opening").map(({ connectedAt }) => connectedAt);
    this.#now = Math.min(this.#now + milliseconds, Math.min(...pending) + HANDSHAKE_MILLISECONDS_MAX);
  }

  async #run(socket: Socket, { routeKey, ...event }: Omit<RouteEvent, "requestContext"> & { routeKey: string }) {
    this.pass(this.#millisecondsPerRequest);
    await this.#scheduler.schedule(Promise.resolve(), `${routeKey} ${event.body ?? ""} of ${socket.id}`);
    const { id: connectionId, connectedAt } = socket;
    const requestContext = { routeKey, requestId: "", connectionId, connectedAt };
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

const headersOf = ({ protocol }: Caller) =>
  protocol === "plain" ? {} : { headers: { "Sec-WebSocket-Protocol": protocol } };
