import { Cursor } from "./cursor.ts";
import { DirectiveFault, type Expression, type ForExpression, literal, SyntaxFault, templateOf } from "./expression.ts";

/** Whether directives such as `%{ if }` are evaluated, or refused by name. */
export type Directives = "evaluated" | "refused";

type ReadExpression = (cursor: Cursor) => Expression;

interface TemplateOptions {
  readonly directives: Directives;
  readonly readExpression: ReadExpression;
}

/** What a template ends with, and how it escapes characters. */
interface Quoting {
  readonly end: string | undefined;
  readonly escapes: boolean;
}

const BARE: Quoting = { end: undefined, escapes: false };

/** Reads a template up to the end of the text. */
export const readTemplate = (cursor: Cursor, options: TemplateOptions): Expression =>
  new TemplateReader(cursor, BARE, options).readAll();

/** Reads a template between quotation marks. */
export function readQuoted(cursor: Cursor, readExpression: ReadExpression): Expression {
  cursor.expect('"');
  const options: TemplateOptions = { directives: "evaluated", readExpression };
  const template = new TemplateReader(cursor, { end: '"', escapes: true }, options).readAll();
  cursor.expect('"');
  return template;
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings#heredoc-strings */
export function readHeredoc(cursor: Cursor, readExpression: ReadExpression): Expression {
  const [opening = "", indented, marker] = /^<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/u.exec(
    cursor.text.slice(cursor.at),
  ) ?? [""];
  if (opening === "") throw cursor.fault("a heredoc");
  cursor.at += opening.length;
  const rest = cursor.text.slice(cursor.at);
  const closing = new RegExp(`^[ \\t]*${marker}(?=\\s|[)\\]},]|$)`, "mu").exec(rest);
  if (!closing) throw new SyntaxFault(`The heredoc has no line with its end, ${marker}.`);
  const body = rest.slice(0, closing.index);
  cursor.at += closing.index + closing[0].length;
  const inner = new Cursor(indented ? withoutIndentation(body) : body);
  return readTemplate(inner, { directives: "evaluated", readExpression });
}

function withoutIndentation(text: string): string {
  const lines = text.split("\n");
  const indentations = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = Math.min(...indentations);
  return Number.isFinite(common) ? lines.map((line) => line.slice(common)).join("\n") : text;
}

/** Reads `key, value in collection`. */
export function readForHead(
  cursor: Cursor,
  readExpression: ReadExpression,
): Pick<ForExpression, "keyName" | "valueName" | "collection"> {
  const first = cursor.name();
  const second = cursor.take(",") ? cursor.name() : undefined;
  if (first === undefined || !cursor.word("in")) throw cursor.fault('a name and "in"');
  const collection = readExpression(cursor);
  return second === undefined
    ? { keyName: undefined, valueName: first, collection }
    : { keyName: first, valueName: second, collection };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class TemplateReader {
  readonly #cursor: Cursor;
  readonly #quoting: Quoting;
  readonly #options: TemplateOptions;
  /** Whether a strip marker removes the white space in front of the next text. */
  #strips = false;

  constructor(cursor: Cursor, quoting: Quoting, options: TemplateOptions) {
    this.#cursor = cursor;
    this.#quoting = quoting;
    this.#options = options;
  }

  readAll(): Expression {
    const { parts, directive } = this.#readParts();
    if (directive !== undefined) throw new SyntaxFault(`The directive ${directive} has no beginning.`);
    return templateOf(parts);
  }

  /** Reads up to the end of the template, or up to a directive that ends or divides a block. */
  #readParts(): { readonly parts: Expression[]; readonly directive?: string } {
    const parts: Expression[] = [];
    for (;;) {
      this.#readText(parts);
      if (this.#isAtEnd()) return { parts };
      if (this.#open("${", parts)) {
        parts.push(this.#options.readExpression(this.#cursor));
        this.#closeSequence();
      } else {
        const directive = this.#readDirective(parts);
        if (directive !== undefined) return { parts, directive };
      }
    }
  }

  #isAtEnd(): boolean {
    const { end } = this.#quoting;
    if (this.#cursor.isAtEnd && end !== undefined) throw this.#cursor.fault(end);
    return this.#cursor.isAtEnd || (end !== undefined && this.#cursor.startsWith(end));
  }

  #readText(parts: Expression[]): void {
    let text = "";
    while (!this.#isAtEnd() && !this.#cursor.startsWith("${") && !this.#cursor.startsWith("%{")) {
      text += this.#readCharacter();
    }
    if (this.#strips) text = text.trimStart();
    this.#strips = false;
    if (text !== "") parts.push(literal(text));
  }

  #readCharacter(): string {
    const cursor = this.#cursor;
    const escaped = cursor.match(/\$\$\{|%%\{/y);
    if (escaped !== undefined) return escaped.slice(1);
    if (!this.#quoting.escapes) return cursor.match(/\$+(?!\{)|%+(?!\{)|[^$%]+|[\s\S]/y) ?? "";
    const sequence = cursor.match(/\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/y);
    if (sequence === undefined) return cursor.match(/[^"\\$%]+|[\s\S]/y) ?? "";
    if (/^\\[uU]./.test(sequence)) return String.fromCodePoint(Number.parseInt(sequence.slice(2), 16));
    const character = ESCAPES[sequence.slice(1)];
    if (character === undefined) throw new SyntaxFault(`The escape sequence ${sequence} does not exist.`);
    return character;
  }

  /** Consumes the beginning of an interpolation or a directive, with its strip marker. */
  #open(token: string, parts: Expression[]): boolean {
    const cursor = this.#cursor;
    if (!cursor.startsWith(token)) return false;
    cursor.at += token.length;
    if (!cursor.startsWith("~")) return true;
    cursor.at += 1;
    const last = parts.at(-1);
    if (last?.kind === "literal") parts.splice(-1, 1, literal(String(last.value).trimEnd()));
    return true;
  }

  #closeSequence(): void {
    this.#strips = this.#cursor.take("~");
    this.#cursor.expect("}");
  }

  /** Adds an `if` or a `for` to the parts. Returns the name of any other directive. */
  #readDirective(parts: Expression[]): string | undefined {
    const cursor = this.#cursor;
    const [whole = "%{"] = /^%\{[^}]*\}?/.exec(cursor.text.slice(cursor.at)) ?? [];
    if (this.#options.directives === "refused") {
      throw new DirectiveFault(whole);
    }
    this.#open("%{", parts);
    const name = cursor.name();
    if (name === "if") parts.push(this.#readIf());
    else if (name === "for") parts.push(this.#readFor());
    else if (name !== undefined && ["else", "endif", "endfor"].includes(name)) this.#closeSequence();
    else throw cursor.fault("if, else, endif, for or endfor");
    return name === "if" || name === "for" ? undefined : name;
  }

  #readIf(): Expression {
    const condition = this.#options.readExpression(this.#cursor);
    this.#closeSequence();
    const first = this.#readParts();
    const second = first.directive === "else" ? this.#readParts() : { parts: [], directive: first.directive };
    if (second.directive !== "endif") throw this.#cursor.fault("%{ endif }");
    return { kind: "conditional", condition, whenTrue: text(first.parts), whenFalse: text(second.parts) };
  }

  #readFor(): Expression {
    const head = readForHead(this.#cursor, this.#options.readExpression);
    this.#closeSequence();
    const { parts, directive } = this.#readParts();
    if (directive !== "endfor") throw this.#cursor.fault("%{ endfor }");
    const items: Expression = {
      ...{ kind: "for", ...head, key: undefined, value: text(parts) },
      ...{ condition: undefined, groups: false },
    };
    return { kind: "call", name: "join", args: [literal(""), items], expands: false };
  }
}

/** Unlike a template of one interpolation, the content of a directive is always text. */
const text = (parts: readonly Expression[]): Expression => ({ kind: "template", parts });
