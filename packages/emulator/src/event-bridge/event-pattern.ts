/** Whether an event matches a pattern. */
export type EventPattern = (event: unknown) => boolean;

/** A scalar of an event. Only scalars are compared. */
type Scalar = string | number | boolean | null;

/** Whether a scalar matches an element of a pattern's list. */
type Matcher = (value: Scalar) => boolean;

type JsonObject = Readonly<Record<string, unknown>>;

/** Compares an object of an event with an object of a pattern. */
type ObjectPattern = (object: JsonObject) => boolean;

/**
 * Reads an event pattern. Throws if EventBridge would reject it, or if the emulator does not support an operator.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function readEventPattern(text: string): EventPattern {
  const matches = readObject(parse(text), "");
  return (event) => isObject(event) && matches(event);
}

function parse(text: string): JsonObject {
  try {
    const pattern: unknown = JSON.parse(text);
    if (isObject(pattern)) return pattern;
  } catch {
    // The error below also explains invalid JSON.
  }
  throw new Error(`The event pattern ${text} is invalid. It must be a JSON object, such as {"source": ["my.app"]}.`);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readObject(pattern: JsonObject, path: string): ObjectPattern {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalid(path, "is an empty object", "Add a field, or remove the object");
  const all = fields.map(([name, value]) =>
    name === "$or" && Array.isArray(value) && value.every(isObject)
      ? readAlternatives(value, `${path}$or`)
      : readField(name, value, path),
  );
  return (object) => all.every((matches) => matches(object));
}

function readAlternatives(alternatives: readonly JsonObject[], path: string): ObjectPattern {
  if (alternatives.length < 2) throw invalid(path, "has fewer than two alternatives", "Add one, or remove $or");
  const any = alternatives.map((alternative, index) => readObject(alternative, `${path}[${index}].`));
  return (object) => any.some((matches) => matches(object));
}

function readField(name: string, value: unknown, parent: string): ObjectPattern {
  const path = `${parent}${name}`;
  if (isObject(value)) {
    const matches = readObject(value, `${path}.`);
    return (object) => objectsIn(own(object, name)).some(matches);
  }
  if (!Array.isArray(value)) {
    throw invalid(path, `is ${JSON.stringify(value)}`, `Write a list, such as [${JSON.stringify(value)}]`);
  }
  if (value.length === 0) throw invalid(path, "is an empty list", "Add a value, or remove the field");
  const any = value.map((element) => readElement(element, path));
  return (object) => {
    const scalars = scalarsIn(own(object, name));
    return any.some((matches) => matches(scalars));
  };
}

const own = (object: JsonObject, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

/**
 * A list in an event matches if one of its elements does. A field that has no objects counts as an empty object, so that
 * `"exists": false` matches below it.
 */
function objectsIn(value: unknown): readonly JsonObject[] {
  const objects = [value].flat(Number.POSITIVE_INFINITY).filter(isObject);
  return objects.length === 0 ? [{}] : objects;
}

const scalarsIn = (value: unknown): readonly Scalar[] =>
  [value].flat(Number.POSITIVE_INFINITY).filter((each): each is Scalar => each !== undefined && !isObject(each));

/** Reads an element of a list: a value, or an object with one operator. */
function readElement(element: unknown, path: string): (scalars: readonly Scalar[]) => boolean {
  if (!isObject(element)) return anyOf(equalTo(element, path));
  const [operator = "", operand] = onlyEntry(element, path);
  if (operator === "exists") {
    if (typeof operand !== "boolean") throw invalidOperand(path, operator, operand, "true or false");
    return (scalars) => scalars.length > 0 === operand;
  }
  const read = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (read) return anyOf(read(operand, path));
  const supported = [...Object.keys(OPERATORS), "exists", "$or"].join(", ");
  throw new Error(
    `The emulator does not support the operator "${operator}" at ${path} of an event pattern. It supports ${supported}.`,
  );
}

const anyOf =
  (matches: Matcher) =>
  (scalars: readonly Scalar[]): boolean =>
    scalars.some(matches);

function onlyEntry(element: JsonObject, path: string): readonly [string, unknown] {
  const entries = Object.entries(element);
  const [first] = entries;
  if (first && entries.length === 1) return first;
  const names = Object.keys(element).join(", ") || "none";
  throw invalid(path, `has an object with these operators: ${names}`, "Write one operator in each object");
}

function equalTo(value: unknown, path: string): Matcher {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return (scalar) => scalar === value;
  throw invalid(
    path,
    `contains ${JSON.stringify(value)}`,
    "Write a string, a number, true, false, null or an operator",
  );
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => Matcher>> = {
  prefix: (operand, path) => affix("prefix", operand, path),
  suffix: (operand, path) => affix("suffix", operand, path),
  "equals-ignore-case": (operand, path) =>
    equalsIgnoringCase(string(operand, { path, operator: "equals-ignore-case" })),
  wildcard: (operand, path) => wildcard(string(operand, { path, operator: "wildcard" }), path),
  numeric: numericRange,
  "anything-but": anythingBut,
};

type Affix = "prefix" | "suffix";

/** The operand can be `{ "equals-ignore-case": text }`. */
function affix(operator: Affix, operand: unknown, path: string): Matcher {
  const ignoresCase = isObject(operand) && Object.keys(operand).join() === "equals-ignore-case";
  const text = string(ignoresCase ? operand["equals-ignore-case"] : operand, { path, operator });
  const fold = (each: string) => (ignoresCase ? each.toLowerCase() : each);
  const expected = fold(text);
  return ofStrings((value) =>
    operator === "prefix" ? fold(value).startsWith(expected) : fold(value).endsWith(expected),
  );
}

const ofStrings =
  (matches: (value: string) => boolean): Matcher =>
  (value) =>
    typeof value === "string" && matches(value);

const equalsIgnoringCase = (expected: string): Matcher =>
  ofStrings((value) => value.toLowerCase() === expected.toLowerCase());

/** `*` is any text. `\*` and `\\` are the characters themselves. */
function wildcard(text: string, path: string): Matcher {
  if (/\\(?![*\\])/.test(text.replaceAll("\\\\", ""))) {
    throw invalid(path, `has the wildcard "${text}"`, "Write a backslash only before * or another backslash");
  }
  const parts = text.match(/\\[*\\]|\*+|[^*\\]+/g) ?? [];
  if (parts.some((part) => /^\*\*/.test(part))) {
    throw invalid(path, `has the wildcard "${text}"`, "Write one * instead of consecutive ones");
  }
  const literal = (part: string) => part.replace(/^\\/, "").replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const expression = new RegExp(`^${parts.map((part) => (part === "*" ? ".*" : literal(part))).join("")}$`, "su");
  return ofStrings((value) => expression.test(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

const NUMBER_MAX = 5_000_000_000;

/** `[">", 0, "<=", 5]` */
function numericRange(operand: unknown, path: string): Matcher {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const comparisons = [list.slice(0, 2), list.slice(2)]
    .filter(({ length }) => length > 0)
    .map(([name, limit]) => ({ compare: COMPARISONS[String(name)], limit }));
  const isValid = comparisons.every(
    ({ compare, limit }) => compare && typeof limit === "number" && Math.abs(limit) <= NUMBER_MAX,
  );
  if (comparisons.length === 0 || !isValid) {
    const allowed = `one or two comparisons, such as [">", 0, "<=", 5], with numbers from -${NUMBER_MAX} to ${NUMBER_MAX}`;
    throw invalidOperand(path, "numeric", operand, allowed);
  }
  return (value) =>
    typeof value === "number" && comparisons.every(({ compare, limit }) => compare?.(value, Number(limit)));
}

/** The operand is a value, a list of values, or an object with an operator and a text or a list of texts. */
function anythingBut(operand: unknown, path: string): Matcher {
  const matchers = isObject(operand) ? excludedByOperator(operand, path) : excludedValues(operand, path);
  return (value) => !matchers.some((matches) => matches(value));
}

const EXCLUDING = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

function excludedByOperator(operand: JsonObject, path: string): Matcher[] {
  const [operator, texts] = onlyEntry(operand, path);
  const read = EXCLUDING.includes(operator) ? OPERATORS[operator] : undefined;
  if (!read) {
    throw new Error(
      `The emulator does not support "${operator}" in the "anything-but" at ${path} of an event pattern. It supports ${EXCLUDING.join(", ")}.`,
    );
  }
  return nonEmpty(texts, path).map((text) => read(text, path));
}

function excludedValues(operand: unknown, path: string): Matcher[] {
  const values = nonEmpty(operand, path);
  const isUniform = new Set(values.map((value) => typeof value)).size === 1;
  if (!isUniform || !["string", "number"].includes(typeof values[0])) {
    throw invalidOperand(
      path,
      "anything-but",
      operand,
      "a string, a number, or a list of only strings or only numbers",
    );
  }
  return values.map((value) => equalTo(value, path));
}

function nonEmpty(operand: unknown, path: string): readonly unknown[] {
  const values = [operand].flat();
  if (values.length === 0) throw invalidOperand(path, "anything-but", operand, "a value or a list of values");
  return values;
}

function string(operand: unknown, { path, operator }: { readonly path: string; readonly operator: string }): string {
  if (typeof operand === "string") return operand;
  throw invalidOperand(path, operator, operand, "a string");
}

const invalid = (path: string, problem: string, remedy: string): Error =>
  new Error(`The event pattern is invalid: ${path === "" ? "it" : path.replace(/\.$/, "")} ${problem}. ${remedy}.`);

function invalidOperand(...[path, operator, operand, allowed]: readonly [string, string, unknown, string]): Error {
  return new Error(
    `The event pattern is invalid: "${operator}" at ${path} is ${JSON.stringify(operand)}. It must be ${allowed}.`,
  );
}
