import type { EndCode } from "./chat-error.ts";
import type { ErrorCode } from "./error-code.ts";
import { closedAsTooLong, encodeFrame } from "./frame-size.ts";
import type { Ports, Socket, SocketConstructor } from "./ports.ts";
import { SUBPROTOCOL } from "./protocol.ts";
import type { Timing } from "./timing.ts";
import {
  type Echo,
  faultOf,
  type GatewayFault,
  isGatewayFault,
  isReply,
  isServerFrame,
  type OutgoingFrame,
  type Push,
  type Reply,
  readFrame,
  unknownRoute,
} from "./wire.ts";

/** Where to connect, and with which subprotocols. */
export interface Address {
  readonly url: string;
  /** Further subprotocols, such as `bearer.TOKEN`. `chat.v1` is added if it is missing. */
  readonly protocols?: readonly string[] | undefined;
}

export interface ConnectionOptions extends Pick<Ports, "after"> {
  readonly WebSocket: SocketConstructor;
  readonly address: Address;
  readonly timing: Pick<Timing, "answer">;
  /** Receives every frame that does not answer a request. */
  readonly onPush: (frame: Push) => void;
}

/** Why a connection ended, or failed to open. */
export interface Loss {
  /** Part of a sentence. */
  readonly reason: string;
  /** Set if another attempt would fail in the same way. */
  readonly end?: EndCode;
  readonly cause?: unknown;
  /** The handshake failed, and the WebSocket does not report why. */
  readonly isUnexplained?: boolean;
}

/** How long the other side may take to answer a close frame. */
const CLOSE_MILLISECONDS = 1000;

const MESSAGE_TOO_BIG = 1009;

/** Errors that are not about the request: it is sent again on the next connection, which has a new token. */
const RECONNECT: { readonly [Code in ErrorCode | "unknown-route"]?: string } = {
  reconnect: "the chat does not know this connection",
  "token-expired": "the token of this connection has expired",
};

/** One WebSocket connection, from the handshake until it is lost. Sends one request at a time. */
export class Connection {
  /** Whether the handshake succeeded. */
  readonly opened: Promise<boolean>;
  /** Never rejects. */
  readonly lost: Promise<Loss>;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  #lose: (loss: Loss) => void = () => undefined;
  #pending: { readonly frame: OutgoingFrame; readonly settle: (reply?: Reply) => void } | undefined;
  #isOpen = false;
  #isLost = false;
  #closeReason: string | undefined;

  /** Throws if the URL is not one of a WebSocket. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    const { url, protocols = [] } = options.address;
    this.#socket = new options.WebSocket(url, [...new Set([SUBPROTOCOL, ...protocols])]);
    this.opened = new Promise((resolve) => {
      const cancel = this.#startTimeout();
      const settle = (isOpen: boolean): void => {
        cancel();
        this.#isOpen = isOpen;
        resolve(isOpen);
      };
      this.#socket.addEventListener("open", () => settle(true));
      void this.lost.then(() => settle(false));
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("error", ({ message }) =>
      this.#end(this.#lossOf(message || "the connection failed")),
    );
    this.#socket.addEventListener("close", ({ code, reason }) => {
      const pending = this.#pending;
      if (code === MESSAGE_TOO_BIG) pending?.settle(closedAsTooLong(pending.frame));
      this.#end({ reason: this.#closeReason ?? `the chat closed the connection: ${code}${reason && `, ${reason}`}` });
    });
  }

  /** The reply to a frame; undefined if the connection was lost before a reply came. */
  ask(frame: OutgoingFrame): Promise<Reply | undefined> {
    if (this.#isLost) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const encoded = encodeFrame(frame);
      if (typeof encoded !== "string") return resolve(encoded);
      const cancel = this.#startTimeout();
      const settle = (reply?: Reply): void => {
        cancel();
        this.#pending = undefined;
        resolve(reply);
      };
      this.#pending = { frame, settle };
      this.#socket.send(encoded);
    });
  }

  /** Sends a frame that has no reply, if the connection is open. */
  notify(frame: { readonly message: "typing"; readonly channel: string }): void {
    if (this.#isOpen && !this.#isLost) this.#socket.send(JSON.stringify(frame));
  }

  /** Ends the connection without waiting for the other side: a dead TCP connection is only closed after minutes. */
  drop(reason: string): void {
    this.#end({ reason });
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
  }

  /** Closes the connection. Resolves when the other side has answered the close frame, or after a timeout. */
  async close(reason = "the client closed the connection"): Promise<void> {
    this.#closeReason = reason;
    const cancel = this.#options.after(CLOSE_MILLISECONDS, () => this.drop(reason));
    this.#socket.close(1000);
    await this.lost;
    cancel();
  }

  #startTimeout(): () => void {
    const { after, timing } = this.#options;
    return after(timing.answer, () => this.drop(`the chat did not answer for ${timing.answer / 1000} seconds`));
  }

  #receive(data: unknown): void {
    const frame = readFrame(data);
    if (this.#isLost || !frame) return;
    if (!isServerFrame(frame)) this.#receiveOther(frame);
    else if (isReply(frame)) this.#receiveReply(frame);
    else this.#options.onPush(frame);
  }

  #receiveReply(reply: Reply): void {
    const reason = reply.type === "error" ? RECONNECT[reply.code] : undefined;
    if (reason) this.drop(reason);
    else if (reply.id === this.#pending?.frame.id) this.#pending?.settle(reply);
  }

  #receiveOther(frame: GatewayFault | Echo): void {
    const pending = this.#pending;
    if (isGatewayFault(frame)) pending?.settle(faultOf(pending.frame, frame));
    else if (frame.id === pending?.frame.id) pending?.settle(unknownRoute(pending.frame));
  }

  #end(loss: Loss): void {
    this.#isLost = true;
    this.#lose(loss);
    this.#pending?.settle();
  }

  /** Only `ws` reports the status of a failed handshake, and only `ws` has `terminate`. A browser reports 1006 for all. */
  #lossOf(reason: string): Loss {
    if (this.#isOpen) return { reason };
    if (!this.#socket.terminate) return { reason, isUnexplained: true };
    const [, status = ""] = /^Unexpected server response: (\d{3})$/.exec(reason) ?? [];
    const end = END_BY_STATUS[status];
    return { reason, ...(end && { end }) };
  }
}

const END_BY_STATUS: Readonly<Record<string, EndCode>> = { 401: "unauthorized", 403: "forbidden" };
