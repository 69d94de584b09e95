/** The stack cannot be played. The message lists all reasons. */
export class StackError extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const all = [...new Set(reasons)];
    const [only = ""] = all;
    super(all.length === 1 ? only : [`The stack is refused for ${all.length} reasons:`, ...all].join("\n  - "));
    this.name = "StackError";
    this.reasons = all;
  }
}
