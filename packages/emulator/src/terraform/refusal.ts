/** The stack cannot be played. Lists all reasons, each in a sentence or more. */
export class Refusal extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const all = [...new Set(reasons)];
    const [only = ""] = all;
    super(all.length === 1 ? only : [`The stack is refused for ${all.length} reasons:`, ...all].join("\n  - "));
    this.name = "Refusal";
    this.reasons = all;
  }
}
