import type { Socket } from "@serverless-chat/client";
import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Random } from "../random.ts";
import type { GatewayConnection, VirtualGateway } from "./gateway.ts";
import { type Halt, Link } from "./link.ts";

/** How a connection breaks: which side notices at once, or which frame is the last one to be lost or to arrive. */
export const CUTS = [
  "both notice",
  "client notices",
  "chat notices",
  "next frame is lost",
  "next answer is lost",
  "next frame to the client is lost",
] as const;

export type Cut = (typeof CUTS)[number];

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly gateway: VirtualGateway;
  readonly user: string;
  /** Whether half of the connections are duplicated: the chat gets every frame on a second connection as well. */
  readonly isDuplicating: boolean;
}

/** The state that all connections of a client share. */
export interface ClientNetwork {
  readonly options: NetworkOptions;
  readonly halt: Halt;
  /** When the first acknowledgement of a `join` reached the client, by channel, in milliseconds of the clock. */
  readonly joinedAt: Map<string, number>;
}

type Listener = (event: never) => void;

/** One side notices that the other is gone after at most ten minutes, when API Gateway closes the idle connection. */
const HALF_OPEN_MILLISECONDS_MAX = 10 * 60_000;

const DELAY_MILLISECONDS_MAX = 80;

/** One connection of a client through its network: the client's WebSocket, the two directions, and the chat's side. */
export class Line implements Socket {
  readonly #network: ClientNetwork;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #toChat: Link;
  readonly #toClient: Link;
  readonly #onClose: () => void;
  readonly #copy: Line | undefined;
  readonly #isCopy: boolean;
  /** The channels of the `join` frames that were sent, by frame id. */
  readonly #joins = new Map<string, string>();
  #chatSide: GatewayConnection | undefined;
  #isClosed = false;
  #isChatGone = false;
  #armed: Cut | undefined;

  constructor(network: ClientNetwork, onClose: () => void, isCopy = false) {
    this.#network = network;
    this.#onClose = onClose;
    this.#isCopy = isCopy;
    const { clock, random, isDuplicating } = network.options;
    const link = () => new Link({ clock, halt: network.halt, delay: () => 1 + random.below(DELAY_MILLISECONDS_MAX) });
    [this.#toChat, this.#toClient] = [link(), link()];
    this.#toChat.send(() => void this.#handshake());
    const isDuplicated = isDuplicating && !isCopy && random.below(2) === 0;
    this.#copy = isDuplicated ? new Line(network, () => undefined, true) : undefined;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.#copy?.send(text);
    this.#noteJoin(text);
    if (!this.#isClosed) this.#toChat.send(() => this.#arrive(text));
  }

  close(): void {
    this.#copy?.close();
    this.#toChat.send(() => this.#hangUp());
  }

  terminate(): void {
    this.#copy?.close();
    this.#toChat.send(() => this.#hangUp());
    this.#hangUpLater();
    this.#end(1006);
  }

  cut(how: Cut): void {
    if (how.startsWith("next")) {
      this.#armed = how;
      return;
    }
    this.#toChat.cut();
    this.#toClient.cut();
    if (how === "chat notices") this.#hangUp();
    else this.#end(1006);
    if (how === "both notice") this.#hangUp();
    else this.#hangUpLater();
  }

  async #handshake(): Promise<void> {
    const { gateway, user } = this.#network.options;
    const opened = await gateway.open({
      user,
      receive: (text) => this.#toClient.send(() => this.#reach(text)),
      closed: (code) => this.#toClient.send(() => this.#end(code)),
    });
    if (typeof opened === "number") {
      this.#toClient.send(() => {
        this.#emit("error", { message: `Unexpected server response: ${opened}` });
        this.#end(1006);
      });
      return;
    }
    this.#chatSide = opened;
    if (this.#isChatGone) this.#hangUp();
    this.#toClient.send(() => this.#emit("open", {}));
  }

  #arrive(text: string): void {
    const { gateway } = this.#network.options;
    const armed = this.#armed;
    if (this.#chatSide && armed !== "next frame is lost") void gateway.receive(this.#chatSide, text);
    if (armed === "next frame is lost" || armed === "next answer is lost") this.#breakNow();
  }

  #reach(text: string): void {
    if (this.#armed === "next frame to the client is lost") {
      this.#breakNow();
      return;
    }
    if (!this.#isClosed && !this.#isCopy) this.#noteAcknowledgement(text);
    this.#emit("message", { data: text });
  }

  #noteJoin(text: string): void {
    const { message, id, channel } = JSON.parse(text);
    if (message === "join") this.#joins.set(id, channel);
  }

  #noteAcknowledgement(text: string): void {
    const { type, id } = JSON.parse(text);
    const channel = type === "ack" ? this.#joins.get(id) : undefined;
    const { joinedAt, options } = this.#network;
    if (channel !== undefined && !joinedAt.has(channel)) joinedAt.set(channel, options.clock.now());
  }

  #breakNow(): void {
    this.#armed = undefined;
    this.cut(this.#network.options.random.pick(["both notice", "client notices", "chat notices"] as const));
  }

  #hangUpLater(): void {
    const { clock, random } = this.#network.options;
    clock.after(random.below(HALF_OPEN_MILLISECONDS_MAX), () => this.#hangUp());
  }

  #hangUp(): void {
    this.#isChatGone = true;
    if (this.#chatSide) this.#network.options.gateway.hangUp(this.#chatSide);
  }

  #end(code: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#emit("close", { code, reason: "" });
  }

  #emit(type: string, event: object): void {
    if (this.#isClosed && type !== "close") return;
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}
