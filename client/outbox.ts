import type { Connection } from "./connection.ts";

/** Does something on a connection; undefined if the connection was lost and it has to be done again on the next. */
export type Act<Result> = (connection: Connection) => Promise<Result | undefined>;

interface Entry {
  /** False if it has to be done again. */
  readonly act: (connection: Connection) => Promise<boolean>;
  readonly giveUp: () => void;
}

/**
 * A queue of requests, one after the other: API Gateway runs two frames of one connection side by side, which would put
 * messages out of order. A request that is not answered when the connection is lost waits for the next connection.
 */
export class Outbox {
  readonly #entries: Entry[] = [];
  #wake: () => void = () => undefined;
  #isClosed = false;

  /** The result; undefined if the outbox was closed first. Rejects if the act does, which does not stop the queue. */
  add<Result>(act: Act<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(undefined);
      if (this.#isClosed) return giveUp();
      this.#entries.push({
        giveUp,
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

  /** Works on a connection until that is lost. */
  async work(connection: Connection): Promise<void> {
    let isLost = false;
    void connection.lost.then(() => {
      isLost = true;
      this.#wake();
    });
    while (!isLost) {
      const [entry] = this.#entries;
      if (!entry) await this.#somethingToDo();
      else if (await entry.act(connection)) this.#entries.shift();
    }
  }

  /** Gives up what is left. */
  close(): void {
    this.#isClosed = true;
    for (const { giveUp } of this.#entries.splice(0)) giveUp();
  }

  #somethingToDo(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
