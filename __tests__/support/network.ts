import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network between a client and a chat that a test can break. */
export interface Network {
  /** The URL of the chat through this network. */
  readonly url: string;
  /** Resets all connections and refuses new ones. */
  cut(): void;
  /** Drops all data, or only that to the client, without closing connections. */
  silence(what?: Silence): void;
  /** Accepts new connections again. Silenced connections stay silent. */
  mend(): void;
  stop(): Promise<void>;
}

type Silence = "everything" | "answers";
type State = "up" | "cut" | Silence;

/** Starts a TCP proxy in front of the server of a WebSocket URL. */
export async function startNetwork(url: string): Promise<Network> {
  const { hostname, port, pathname } = new URL(url);
  const lines = new Set<Line>();
  let state: State = "up";
  const server = createServer((near) => {
    if (state === "cut") {
      near.resetAndDestroy();
      return;
    }
    const line = new Line(near, connect(Number(port), hostname));
    lines.add(line);
    if (state !== "up") line.silence(state);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    cut() {
      state = "cut";
      for (const line of lines) line.reset();
      lines.clear();
    },
    silence(what = "everything") {
      state = what;
      for (const line of lines) line.silence(what);
    },
    mend() {
      state = "up";
    },
    async stop() {
      for (const line of lines) line.reset();
      server.close();
      await once(server, "close");
    },
  };
}

class Line {
  readonly #ends: readonly [Socket, Socket];
  #silence: Silence | undefined;

  constructor(near: Socket, far: Socket) {
    this.#ends = [near, far];
    this.#passOn(near, { to: far, unless: ["everything"] });
    this.#passOn(far, { to: near, unless: ["everything", "answers"] });
  }

  silence(what: Silence): void {
    this.#silence = what;
  }

  reset(): void {
    for (const end of this.#ends) end.resetAndDestroy();
  }

  #passOn(from: Socket, { to, unless }: { readonly to: Socket; readonly unless: readonly Silence[] }): void {
    const isPassing = (): boolean => this.#silence === undefined || !unless.includes(this.#silence);
    from.on("data", (data) => isPassing() && to.write(data));
    // A silenced connection does not pass on its end either.
    from.on("close", () => this.#silence === undefined && to.destroy());
    // Tests cause resets. "close" follows.
    from.on("error", () => undefined);
  }
}
