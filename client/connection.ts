import {
  type Answer,
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

export interface ConnectionOptions extends Pick<Ports, "WebSocket" | "after"> {
  readonly url: string;
  readonly timing: Pick<Timing, "answer">;
  /** Takes whatever comes that answers nothing. */
  readonly hear: (news: News) => void;
}

/** How long the other side has for its part of a goodbye. */
const GOODBYE_MILLISECONDS = 1000;

/** One WebSocket connection, from the handshake until it is lost. Asks one thing at a time. */
export class Connection {
  /** Whether the handshake succeeded. */
  readonly opened: Promise<boolean>;
  /** Why there is no connection, or none any more: a part of a sentence. Never rejects. */
  readonly lost: Promise<string>;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  #lose: (reason: string) => void = () => undefined;
  #pending: { readonly frame: Identified; readonly settle: (answer?: Answer) => void } | undefined;
  #isLost = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#socket = new options.WebSocket(options.url, OFFERED);
    this.opened = new Promise((resolve) => {
      const callOff = this.#dieUnlessCalledOff();
      const settle = (isOpen: boolean): void => {
        callOff();
        resolve(isOpen);
      };
      this.#socket.addEventListener("open", () => settle(true));
      void this.lost.then(() => settle(false));
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("error", ({ message = "the connection failed" }) => this.#end(message));
    this.#socket.addEventListener("close", ({ code, reason }) =>
      this.#end(`the chat closed the connection: ${code}${reason && `, ${reason}`}`),
    );
  }

  /** The answer to a frame; undefined when the connection was lost before there was one. */
  ask(frame: Identified): Promise<Answer | undefined> {
    if (this.#isLost) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const callOff = this.#dieUnlessCalledOff();
      const settle = (answer?: Answer): void => {
        callOff();
        this.#pending = undefined;
        resolve(answer);
      };
      this.#pending = { frame, settle };
      this.#socket.send(JSON.stringify(frame));
    });
  }

  /** Takes the connection for lost, whatever the other side thinks: a dead line closes by itself after minutes. */
  drop(reason: string): void {
    this.#end(reason);
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
  }

  /** Says goodbye. Resolves once the other side has, too, or has had the time to. */
  async leave(): Promise<void> {
    const callOff = this.#options.after(GOODBYE_MILLISECONDS, () => this.drop("it was left"));
    this.#socket.close(1000);
    await this.lost;
    callOff();
  }

  #dieUnlessCalledOff(): () => void {
    const { after, timing } = this.#options;
    return after(timing.answer, () => this.drop(`nothing came for ${timing.answer / 1000} seconds`));
  }

  #receive(data: unknown): void {
    const frame = readFrame(data);
    if (this.#isLost || !frame) return;
    const pending = this.#pending;
    if (isGatewayFault(frame)) pending?.settle(faultOf(pending.frame, frame));
    else if (!isAnswer(frame)) this.#options.hear(frame);
    else if (frame.type === "error" && frame.code === "reconnect") this.drop("the chat does not know it any more");
    else if (frame.id === pending?.frame.id) pending?.settle(frame);
  }

  #end(reason: string): void {
    this.#isLost = true;
    this.#lose(reason);
    this.#pending?.settle();
  }
}
