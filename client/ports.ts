/* What a session needs from its environment. */

interface SocketEvents {
  readonly open: unknown;
  readonly message: { readonly data: unknown };
  readonly error: { readonly message?: string };
  readonly close: { readonly code: number; readonly reason: string };
}

/** The part of a WebSocket that is used. Browsers, Node and `ws` all have it. */
export interface Socket {
  addEventListener<Type extends keyof SocketEvents>(type: Type, listener: (event: SocketEvents[Type]) => void): void;
  send(text: string): void;
  close(code?: number): void;
  /** Closes the connection without waiting for the other side. Only `ws` has it. */
  terminate?(): void;
}

export interface Ports {
  readonly WebSocket: new (url: string, subprotocols: string[]) => Socket;
  /** Calls `act` after so many milliseconds. Returns a function that cancels it. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** Milliseconds since any fixed moment. Never goes back. */
  readonly now: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** An id for a frame. Nobody can guess it: a message with it counts as the user's own. */
  readonly newId: () => string;
}

export const pause = ({ after }: Pick<Ports, "after">, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    after(milliseconds, resolve);
  });
