import type { Connection } from "./connection.ts";

/** Does something on a connection; undefined when that was lost, and it has to be done again on the next. */
export type Act<Result> = (connection: Connection) => Promise<Result | undefined>;

interface Entry {
  /** False when it has to be done again. */
  readonly act: (connection: Connection) => Promise<boolean>;
  readonly giveUp: () => void;
}

/**
 * What has to be done, one after the other: two frames that are under way together run side by side in the chat, and
 * what somebody says would be out of order. What is not done when the connection is lost waits for the next.
 */
export class Outbox {
  readonly #entries: Entry[] = [];
  #wake: () => void = () => undefined;
  #isClosed = false;

  /** What it came to; undefined when the outbox was closed before. */
  add<Result>(act: Act<Result>): Promise<Result | undefined> {
    return new Promise((resolve) => {
      const giveUp = (): void => resolve(undefined);
      if (this.#isClosed) return giveUp();
      this.#entries.push({
        giveUp,
        async act(connection) {
          const result = await act(connection);
          if (result !== undefined) resolve(result);
          return result !== undefined;
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
