import type { SocketConstructor } from "@serverless-chat/client";
import { type ClientNetwork, type Cut, Line, type NetworkOptions } from "./line.ts";
import type { Halt } from "./link.ts";

/** The network of one client. It delays, halts, cuts and duplicates the connections of that client. */
export class VirtualNetwork implements ClientNetwork {
  readonly WebSocket: SocketConstructor;
  readonly options: NetworkOptions;
  readonly halt: Halt = { until: 0 };
  /** When the first acknowledgement of a `join` reached the client, by channel, in milliseconds of the clock. */
  readonly joinedAt = new Map<string, number>();
  readonly #lines = new Set<Line>();

  constructor(options: NetworkOptions) {
    this.options = options;
    const network = this;
    const lines = this.#lines;
    this.WebSocket = class extends Line {
      constructor() {
        super(network, () => lines.delete(this));
        lines.add(this);
      }
    };
  }

  /** Breaks every connection. New ones get through. */
  cut(how: Cut): void {
    for (const line of this.#lines) line.cut(how);
  }

  /** Nothing passes for a while, in either direction. Then everything that was held back does. */
  haltFor(milliseconds: number): void {
    this.halt.until = this.options.clock.now() + milliseconds;
  }
}
