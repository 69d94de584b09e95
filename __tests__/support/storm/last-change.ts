import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";

interface Change<Value> {
  readonly value: Value;
  readonly begun: number;
  /** Infinity: the request is pending. */
  ended: number;
  result: "acknowledged" | "refused" | "unanswered";
}

let ticks = 0;

/** All requests that set a value, such as the membership of a user in a channel. */
export class LastChange<Value> {
  readonly #changes: Change<Value>[] = [];

  /** Sends a request that sets the value, and records its result. Resolves when no function runs for it any more. */
  async attempt(value: Value, request: () => Promise<ServerFrame | undefined>): Promise<void> {
    ticks += 1;
    const change: Change<Value> = { value, begun: ticks, ended: Number.POSITIVE_INFINITY, result: "unanswered" };
    this.#changes.push(change);
    const answer = await request();
    ticks += 1;
    change.ended = ticks;
    if (answer) change.result = answer.type === "ack" ? "acknowledged" : "refused";
  }

  /** The values that it can have when no request is pending: several if requests overlapped, or had no answer. */
  possible(initial: Value): Set<Value> {
    const effective = this.#changes.filter(({ result }) => result !== "refused");
    const isReplaced = (one: Change<Value>) =>
      effective.some(({ begun, result }) => result === "acknowledged" && begun > one.ended);
    const last = effective.filter((each) => !isReplaced(each)).map(({ value }) => value);
    const isSet = effective.some(({ result }) => result === "acknowledged");
    return new Set(isSet ? last : [initial, ...last]);
  }
}
