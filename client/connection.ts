import type { Code } from "../chat/protocol/error-codes.ts";
import { closedAsTooLong, encodeFrame } from "./frame-size.ts";
import {
  type Answer,
  type EndCode,
  faultOf,
  type Identified,
  isAnswer,
  isGatewayFault,
  type News,
  OFFERED,
  readFrame,
} from "./frames.ts";
import type { Ports, Socket } from "./ports.ts";
import type { Timing } from "./timing.ts";

/** Where to connect, and with which subprotocols. */
export interface Address {
  readonly url: string;
  /** `chat.v1` is added if it is missing. */
  readonly subprotocols?: readonly string[] | undefined;
}

export interface ConnectionOptions extends Pick<Ports, "WebSocket" | "after"> {
  readonly address: Address;
  readonly timing: Pick<Timing, "answer">;
  /** Receives every frame that does not answer a request. */
  readonly hear: (news: News) => void;
}

/** Why a connection ended, or failed to open. */
export interface Loss {
  /** Part of a sentence. */
  readonly reason: string;
  /** Set if another attempt would fail in the same way. */
  readonly end?: EndCode;
}

/** How long the other side may take to answer a close frame. */
const GOODBYE_MILLISECONDS = 1000;

const MESSAGE_TOO_BIG = 1009;

/** Errors that are not about the request: it is sent again on the next connection, which has a new token. */
const RECONNECT: { readonly [Of in Code]?: string } = {
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
  #pending: { readonly frame: Identified; readonly settle: (answer?: Answer) => void } | undefined;
  #isLost = false;
  #leaving: string | undefined;

  /** Throws if the URL is not one of a WebSocket. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    const { url, subprotocols = [] } = options.address;
    this.#socket = new options.WebSocket(url, [...new Set([OFFERED, ...subprotocols])]);
    this.opened = new Promise((resolve) => {
      const cancel = this.#startTimeout();
      const settle = (isOpen: boolean): void => {
        cancel();
        resolve(isOpen);
      };
      this.#socket.addEventListener("open", () => settle(true));
      void this.lost.then(() => settle(false));
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("error", ({ message = "the connection failed" }) => this.#end(lossOf(message)));
    this.#socket.addEventListener("close", ({ code, reason }) => {
      const pending = this.#pending;
      if (code === MESSAGE_TOO_BIG) pending?.settle(closedAsTooLong(pending.frame));
      this.#end({ reason: this.#leaving ?? `the chat closed the connection: ${code}${reason && `, ${reason}`}` });
    });
  }

  /** The answer to a frame; undefined if the connection was lost before an answer came. */
  ask(frame: Identified): Promise<Answer | undefined> {
    if (this.#isLost) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const encoded = encodeFrame(frame);
      if (typeof encoded !== "string") return resolve(encoded);
      const cancel = this.#startTimeout();
      const settle = (answer?: Answer): void => {
        cancel();
        this.#pending = undefined;
        resolve(answer);
      };
      this.#pending = { frame, settle };
      this.#socket.send(encoded);
    });
  }

  /** Ends the connection without waiting for the other side: a dead TCP connection is only closed after minutes. */
  drop(reason: string): void {
    this.#end({ reason });
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
  }

  /** Closes the connection. Resolves when the other side has answered the close frame, or after a timeout. */
  async leave(reason = "the client closed the connection"): Promise<void> {
    this.#leaving = reason;
    const cancel = this.#options.after(GOODBYE_MILLISECONDS, () => this.drop(reason));
    this.#socket.close(1000);
    await this.lost;
    cancel();
  }

  #startTimeout(): () => void {
    const { after, timing } = this.#options;
    return after(timing.answer, () => this.drop(`nothing came for ${timing.answer / 1000} seconds`));
  }

  #receive(data: unknown): void {
    const frame = readFrame(data);
    if (this.#isLost || !frame) return;
    const pending = this.#pending;
    if (isGatewayFault(frame)) pending?.settle(faultOf(pending.frame, frame));
    else if (!isAnswer(frame)) this.#options.hear(frame);
    else if (frame.type === "error" && RECONNECT[frame.code]) this.drop(RECONNECT[frame.code] as string);
    else if (frame.id === pending?.frame.id) pending?.settle(frame);
  }

  #end(loss: Loss): void {
    this.#isLost = true;
    this.#lose(loss);
    this.#pending?.settle();
  }
}

const END_BY_STATUS: Readonly<Record<string, EndCode>> = { 401: "unauthorized", 403: "forbidden" };

/** Only `ws` reports the status of a failed handshake. A browser closes with 1006 whatever the status was. */
function lossOf(reason: string): Loss {
  const [, status = ""] = /^Unexpected server response: (\d{3})$/.exec(reason) ?? [];
  const end = END_BY_STATUS[status];
  return { reason, ...(end && { end }) };
}
