import { Cursor } from "./cursor.ts";
import { type Expression, type ForExpression, literal } from "./expression.ts";
import { type Directives, readForHead, readHeredoc, readQuoted, readTemplate } from "./template.ts";

/** Parses a string of Terraform's JSON syntax, or of the JSON that hcl2json makes of HCL. */
export const parseTemplate = (text: string, directives: Directives): Expression =>
  readTemplate(new Cursor(text), { directives, readExpression });

/** Parses an expression without `${` and `}` around it. */
export function parseExpression(text: string): Expression {
  const cursor = new Cursor(text);
  const expression = readExpression(cursor);
  cursor.skip();
  if (!cursor.isAtEnd) throw cursor.fault("the end of the expression");
  return expression;
}

export function readExpression(cursor: Cursor): Expression {
  const condition = readBinary(cursor, 0);
  if (!cursor.take("?")) return condition;
  const whenTrue = readExpression(cursor);
  cursor.expect(":");
  return { kind: "conditional", condition, whenTrue, whenFalse: readExpression(cursor) };
}

/** From the lowest precedence to the highest. https://developer.hashicorp.com/terraform/language/expressions/operators */
const OPERATORS: readonly RegExp[] = [/\|\|/y, /&&/y, /==|!=/y, />=|<=|>|</y, /[+-]/y, /[*/%]/y];

function readBinary(cursor: Cursor, level: number): Expression {
  const pattern = OPERATORS[level];
  if (!pattern) return readUnary(cursor);
  let left = readBinary(cursor, level + 1);
  for (;;) {
    cursor.skip();
    const operator = cursor.match(pattern);
    if (operator === undefined) return left;
    left = { kind: "binary", operator, left, right: readBinary(cursor, level + 1) };
  }
}

function readUnary(cursor: Cursor): Expression {
  cursor.skip();
  const operator = cursor.match(/-|!(?!=)/y);
  if (operator !== undefined) return { kind: "unary", operator, operand: readUnary(cursor) };
  return readTraversals(cursor, readTerm(cursor));
}

function readTerm(cursor: Cursor): Expression {
  cursor.skip();
  const number = cursor.match(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return literal(Number(number));
  if (cursor.startsWith('"')) return readQuoted(cursor, readExpression);
  if (cursor.startsWith("<<")) return readHeredoc(cursor, readExpression);
  if (cursor.take("(")) return readUntil(cursor, ")");
  if (cursor.take("[")) return readTuple(cursor);
  if (cursor.take("{")) return readObject(cursor);
  const name = cursor.name();
  if (name === undefined) throw cursor.fault("an expression");
  return cursor.startsWith("(") || cursor.startsWith("::") ? readCall(cursor, name) : named(name);
}

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

const named = (name: string): Expression =>
  Object.hasOwn(WORDS, name) ? literal(WORDS[name] ?? null) : { kind: "name", name };

function readUntil(cursor: Cursor, end: string): Expression {
  const expression = readExpression(cursor);
  cursor.expect(end);
  return expression;
}

/** Reads attributes, indexes and splats. An index must be on the line of its object, because a newline ends an item. */
function readTraversals(cursor: Cursor, first: Expression): Expression {
  let object = first;
  for (;;) {
    const step = readStep(cursor, object);
    if (!step) return object;
    object = step;
  }
}

function readStep(cursor: Cursor, object: Expression): Expression | undefined {
  if (/^\s*\.(?!\.)/.test(cursor.text.slice(cursor.at, cursor.at + 80)) && cursor.take(".")) {
    if (cursor.take("*")) return { kind: "splat", object, each: readAttributes(cursor, { kind: "element" }) };
    return readAttribute(cursor, object);
  }
  if (cursor.match(/[ \t]*\[\s*\*\s*\]/y) !== undefined) {
    return { kind: "splat", object, each: readTraversals(cursor, { kind: "element" }) };
  }
  if (cursor.match(/[ \t]*\[/y) === undefined) return undefined;
  return { kind: "index", object, key: readUntil(cursor, "]") };
}

/** A number after a dot is an index, as in `list.0`. */
function readAttribute(cursor: Cursor, object: Expression): Expression {
  cursor.skip();
  const index = cursor.match(/\d+/y);
  if (index !== undefined) return { kind: "index", object, key: literal(Number(index)) };
  const name = cursor.name();
  if (name === undefined) throw cursor.fault("the name of an attribute");
  return { kind: "index", object, key: literal(name) };
}

/** Only attributes apply to each element of `list.*`: an index applies to the result. */
function readAttributes(cursor: Cursor, first: Expression): Expression {
  let object = first;
  while (cursor.match(/\.(?=[\p{L}_])/uy) !== undefined) object = readAttribute(cursor, object);
  return object;
}

function readCall(cursor: Cursor, first: string): Expression {
  const namespace = cursor.match(/(?:::[\w-]+)*/y) ?? "";
  cursor.expect("(");
  const args: Expression[] = [];
  let expands = false;
  while (!cursor.take(")")) {
    args.push(readExpression(cursor));
    expands = cursor.take("...");
    if (cursor.take(",")) continue;
    cursor.expect(")");
    break;
  }
  return { kind: "call", name: `${first}${namespace}`, args, expands };
}

function readTuple(cursor: Cursor): Expression {
  if (cursor.word("for")) return readFor(cursor, "]");
  const items: Expression[] = [];
  while (!cursor.take("]")) {
    items.push(readExpression(cursor));
    if (cursor.take(",")) continue;
    cursor.expect("]");
    break;
  }
  return { kind: "tuple", items };
}

function readObject(cursor: Cursor): Expression {
  if (/^\s*for\s+[\p{L}_]/u.test(cursor.text.slice(cursor.at)) && cursor.word("for")) return readFor(cursor, "}");
  const entries: [Expression, Expression][] = [];
  while (!cursor.take("}")) {
    const key = readKey(cursor);
    if (!cursor.take("=") && !cursor.take(":")) throw cursor.fault('"="');
    entries.push([key, readExpression(cursor)]);
    // A newline separates entries, too, but the value may have been read beyond it.
    cursor.take(",");
  }
  return { kind: "object", entries };
}

/** A bare name is text. An expression is between parentheses. */
function readKey(cursor: Cursor): Expression {
  const start = cursor.at;
  const name = cursor.name();
  if (name !== undefined && /^\s*[=:]/.test(cursor.text.slice(cursor.at))) return literal(name);
  cursor.at = start;
  return readExpression(cursor);
}

function readFor(cursor: Cursor, end: "]" | "}"): ForExpression {
  const { keyName, valueName, collection } = readForHead(cursor, readExpression);
  cursor.expect(":");
  const first = readExpression(cursor);
  const value = end === "}" && cursor.take("=>") ? readExpression(cursor) : undefined;
  if (end === "}" && value === undefined) throw cursor.fault('"=>"');
  const groups = cursor.take("...");
  const condition = cursor.word("if") ? readExpression(cursor) : undefined;
  cursor.expect(end);
  const key = value && first;
  return { kind: "for", keyName, valueName, collection, key, value: value ?? first, condition, groups };
}
