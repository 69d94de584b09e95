import { once } from "node:events";
import { WebSocket } from "ws";
import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import type { Protocol } from "../../../chat/protocol/subprotocol.ts";

type Answer = ServerFrame | undefined;

/** The client's side of a connection. */
export interface ClientConnection {
  /** Sends a frame. Returns its answer, or undefined if the connection ended before. */
  request(frame: object): Promise<Answer>;
  /** Closes the connection. Resolves when, from the client's view, no function runs for it any more. */
  close(): Promise<void>;
  /** Ends the connection without a close frame. */
  terminate(): Promise<void>;
}

export interface ClientIdentity {
  /** A unique name. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The authenticated user. Undefined: a guest. */
  readonly user?: string;
}

/** Opens a connection. All frames except answers go to `onFrame`. */
export type Connect = (identity: ClientIdentity, onFrame: (text: string) => void) => Promise<ClientConnection>;

/**
 * The pending requests of a client, by the `id` of their frames. A repeated frame has several. All clients count from 1, so a
 * client that takes over a name reuses the ids of its former holder.
 */
export class PendingRequests {
  readonly #resolvers = new Map<string, ((answer: Answer) => void)[]>();
  #frames = 0;

  /** Adds an id to the frame. Returns its text and its future answer. */
  expect(frame: object): { readonly text: string; readonly answer: Promise<Answer> } {
    this.#frames += 1;
    const named = { id: String(this.#frames), ...frame };
    const answer = new Promise<Answer>((resolve) => {
      this.#resolvers.set(named.id, [...(this.#resolvers.get(named.id) ?? []), resolve]);
    });
    return { text: JSON.stringify(named), answer };
  }

  /** Settles the request of an answer. Returns false for any other frame. */
  settle(text: string): boolean {
    const frame = frameOf(text);
    const resolve = frame && "id" in frame ? this.#resolvers.get(frame.id ?? "")?.shift() : undefined;
    resolve?.(frame);
    return resolve !== undefined;
  }

  /** Settles all requests without an answer. */
  end(): void {
    for (const resolve of [...this.#resolvers.values()].flat()) resolve(undefined);
    this.#resolvers.clear();
  }
}

/** Parses a frame. Messages in storms are not JSON, so that bare text is not mistaken for a frame. */
export function frameOf(text: string): ServerFrame | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Connects by WebSocket. */
export const webSocketConnector =
  (url: string): Connect =>
  async (identity, onFrame) => {
    const { protocol } = identity;
    const socket = new WebSocket(url, protocol === "plain" ? [] : [protocol], { perMessageDeflate: false });
    const requests = new PendingRequests();
    socket.on("message", (data) => {
      const text = String(data);
      if (!requests.settle(text)) onFrame(text);
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    const end = async (how: "close" | "terminate"): Promise<void> => {
      socket[how]();
      requests.end();
      await closed;
    };
    return {
      request(frame) {
        if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(undefined);
        const { text, answer } = requests.expect(frame);
        socket.send(text);
        return answer;
      },
      close: () => end("close"),
      terminate: () => end("terminate"),
    };
  };
