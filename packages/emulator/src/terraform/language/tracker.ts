import { Unresolvable } from "./values.ts";

type Outcome<Value> = { readonly value: Value } | { readonly fault: unknown };

/** Evaluates each value once, records which values it reads, and finds values that depend on themselves. */
export class Tracker {
  readonly #outcomes = new Map<string, Outcome<unknown>>();
  readonly #current: string[] = [];
  readonly #reads = new Map<string, Set<string>>();

  /** Returns the value of a node. `node` is an address, such as `local.name`, or `aws_iam_role.say#name`. */
  read<Value>(node: string, compute: () => Value): Value {
    this.record(this.#current.at(-1), node);
    const known = this.#outcomes.get(node) as Outcome<Value> | undefined;
    const outcome = known ?? this.#compute(node, compute);
    if ("fault" in outcome) throw outcome.fault;
    return outcome.value;
  }

  /** Records that one node reads another. */
  record(reader: string | undefined, node: string): void {
    if (reader === undefined) return;
    const reads = this.#reads.get(reader) ?? new Set();
    this.#reads.set(reader, reads.add(node));
  }

  /** Each node with the nodes that it reads. */
  reads(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#reads;
  }

  #compute<Value>(node: string, compute: () => Value): Outcome<Value> {
    if (this.#current.includes(node)) {
      const cycle = [...this.#current.slice(this.#current.indexOf(node)), node].map((each) => each.replace("#", "."));
      throw new Unresolvable(`It depends on itself: ${cycle.join(" → ")}.`, {
        remedy: "Remove one of the references.",
      });
    }
    this.#current.push(node);
    const outcome = attempt(compute);
    this.#current.pop();
    this.#outcomes.set(node, outcome);
    return outcome;
  }
}

function attempt<Value>(compute: () => Value): Outcome<Value> {
  try {
    return { value: compute() };
  } catch (fault) {
    return { fault };
  }
}
