import { SyntaxFault } from "./expression.ts";

/** A position in the text of an expression. White space, newlines and comments separate tokens. */
export class Cursor {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Skips white space and comments. Returns whether it skipped a newline. */
  skip(): boolean {
    const skipped = this.match(/(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y);
    return skipped?.includes("\n") === true;
  }

  /** Consumes a pattern at the position. The pattern must be sticky. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Skips white space, and consumes the token if it follows. */
  take(token: string): boolean {
    this.skip();
    if (!this.startsWith(token)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.fault(`"${token}"`);
  }

  name(): string | undefined {
    this.skip();
    return this.match(/[\p{L}_][\p{L}\p{N}_-]*/uy);
  }

  /** Consumes a word that is not the beginning of a longer one. */
  word(word: string): boolean {
    const start = this.at;
    if (this.name() === word) return true;
    this.at = start;
    return false;
  }

  fault(expected: string): SyntaxFault {
    const rest = this.text.slice(this.at, this.at + 20);
    return new SyntaxFault(`It has ${rest === "" ? "no more text" : JSON.stringify(rest)} where ${expected} must be.`);
  }
}
