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

/** The constructor of a WebSocket: that of browsers, of Node, or of `ws`. */
export type SocketConstructor = new (url: string, subprotocols: string[]) => Socket;

/** What the device reports about its network. A page that becomes visible may have been suspended before. */
export type NetworkChange = "online" | "offline" | "visible";

/** What a session needs from its environment. Every part has a default; tests replace some. */
export interface Ports {
  /** Calls `act` after so many milliseconds. Returns a function that cancels it. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** Milliseconds since any fixed moment. Never goes back. */
  readonly now: () => number;
  /** The time in epoch milliseconds. */
  readonly wallClock: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** An id for a frame. It must be impossible to guess: a message with it counts as the user's own. */
  readonly newId: () => string;
  /** Whether the device reports that it has no network. */
  readonly isOffline: () => boolean;
  /** Subscribes to changes of the network. Returns a function that unsubscribes. */
  readonly onNetworkChange: (listener: (change: NetworkChange) => void) => () => void;
  /** Whether the server of a WebSocket URL answers to plain HTTP. */
  readonly isReachable: (url: string) => Promise<boolean>;
  /**
   * Holds a lock that other tabs see, as long as `work` runs. Returns false, without a call of `work`, if another holder has
   * it and `isWaiting` is false.
   */
  readonly withLock: (name: string, isWaiting: boolean, work: () => Promise<void>) => Promise<boolean>;
}

export const pause = ({ after }: Pick<Ports, "after">, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    after(milliseconds, resolve);
  });
