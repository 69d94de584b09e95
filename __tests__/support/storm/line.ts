import type { Protocol, ServerFrame } from "../../../chat/protocol/client-frames.ts";

type Answer = ServerFrame | undefined;

/** A connection as its client has it. */
export interface Line {
  /** Sends a frame. Gives its answer; undefined where the line ended before it came. */
  ask(frame: object): Promise<Answer>;
  /** Closes. Resolves once nothing is under way for this connection any more, as far as that can be known. */
  hangUp(): Promise<void>;
  /** Vanishes without a word. */
  die(): Promise<void>;
}

export interface Caller {
  /** Like no other line's. */
  readonly name: string;
  readonly protocol: Protocol;
}

/** Opens a line on which everything that is no answer goes to `hear`. */
export type Dial = (caller: Caller, hear: (text: string) => void) => Promise<Line>;

/**
 * The answers that a client waits for, by the `id` of its frames: who sends the same twice waits twice. All clients count
 * from 1, as a bad client does: who takes over a name has ids that its last holder has used.
 */
export class Answers {
  readonly #awaited = new Map<string, ((answer: Answer) => void)[]>();
  #frames = 0;

  /** The frame with an id, as text, and what will be answered to it. */
  expect(frame: object): { readonly text: string; readonly answer: Promise<Answer> } {
    this.#frames += 1;
    const named = { id: String(this.#frames), ...frame };
    const answer = new Promise<Answer>((resolve) => {
      this.#awaited.set(named.id, [...(this.#awaited.get(named.id) ?? []), resolve]);
    });
    return { text: JSON.stringify(named), answer };
  }

  /** Whether it is an answer. */
  take(text: string): boolean {
    const frame = frameOf(text);
    const resolve = frame && "id" in frame ? this.#awaited.get(frame.id ?? "")?.shift() : undefined;
    resolve?.(frame);
    return resolve !== undefined;
  }

  /** No more will come. */
  end(): void {
    for (const resolve of [...this.#awaited.values()].flat()) resolve(undefined);
    this.#awaited.clear();
  }
}

/** What people say is no JSON, so that a bare text is never taken for a frame. */
export function frameOf(text: string): ServerFrame | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
