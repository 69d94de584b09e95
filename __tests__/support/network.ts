import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network between a client and a chat, that a test can break. */
export interface Network {
  /** The chat's address by way of this network. */
  readonly url: string;
  /** Everything that is connected is reset, and nothing connects any more. */
  cut(): void;
  /** Nothing gets through any more, or no answers do, and nobody is told: what is connected looks as if it were. */
  silence(what?: Silence): void;
  /** What connects from now on gets through. What was silenced stays dead. */
  mend(): void;
  stop(): Promise<void>;
}

type Silence = "everything" | "answers";
type State = "up" | "cut" | Silence;

/** Passes bytes on between whoever connects to it and the server of a WebSocket URL. */
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
    // The end of a line is no more heard of than the rest.
    from.on("close", () => this.#silence === undefined && to.destroy());
    // A reset is what tests are after; "close" follows.
    from.on("error", () => undefined);
  }
}
