import type { Connection } from "./connection.ts";

/** Performs a request on a connection. Returns undefined if the connection was lost: it is then called with the next one. */
export type Action<Result> = (connection: Connection) => Promise<Result | undefined>;

interface Entry {
  /** Resolves with false if it has to be called again. */
  readonly act: (connection: Connection) => Promise<boolean>;
  readonly abandon: () => void;
}

/**
 * A queue that runs one request at a time: API Gateway processes frames of one connection concurrently, which would change
 * the order of messages. A request without a reply waits for the next connection.
 */
export class RequestQueue {
  readonly #entries: Entry[] = [];
  #wake: () => void = () => undefined;
  #isClosed = false;

  /** Resolves with undefined if the queue is closed first. Rejects if the action rejects, which does not stop the queue. */
  add<Result>(act: Action<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const abandon = (): void => resolve(undefined);
      if (this.#isClosed) return abandon();
      this.#entries.push({
        abandon,
        async act(connection) {
          try {
            const result = await act(connection);
            if (result !== undefined) resolve(result);
            return result !== undefined;
          } catch (fault) {
            reject(fault);
            return true;
          }
        },
      });
      this.#wake();
    });
  }

  /** Runs requests on a connection until it is lost. */
  async work(connection: Connection): Promise<void> {
    let isLost = false;
    void connection.lost.then(() => {
      isLost = true;
      this.#wake();
    });
    while (!isLost) {
      const [entry] = this.#entries;
      if (!entry) await this.#nextEntry();
      else if (await entry.act(connection)) this.#entries.shift();
    }
  }

  /** Settles all remaining requests with undefined. */
  close(): void {
    this.#isClosed = true;
    for (const { abandon } of this.#entries.splice(0)) abandon();
  }

  #nextEntry(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
