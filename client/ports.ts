/* What a session needs of its surroundings. */

interface SocketEvents {
  readonly open: unknown;
  readonly message: { readonly data: unknown };
  readonly error: { readonly message?: string };
  readonly close: { readonly code: number; readonly reason: string };
}

/** What is used of a WebSocket. A browser's, Node's own and that of `ws` all have it. */
export interface Socket {
  addEventListener<Type extends keyof SocketEvents>(type: Type, listener: (event: SocketEvents[Type]) => void): void;
  send(text: string): void;
  close(code?: number): void;
  /** Hangs up without waiting for the other side. Only that of `ws` has it. */
  terminate?(): void;
}

export interface Ports {
  readonly WebSocket: new (url: string, subprotocol: string) => Socket;
  /** Acts once so many milliseconds are over. Gives what calls it off. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** From 0 up to, and without, 1. */
  readonly random: () => number;
  /** An id for a frame that this user has never used. */
  readonly newId: () => string;
}

export const pause = ({ after }: Pick<Ports, "after">, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    after(milliseconds, resolve);
  });
