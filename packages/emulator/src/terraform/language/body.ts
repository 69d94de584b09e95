import { type Attributes, block, blocks, mapEntries, type Value } from "../configuration.ts";
import { evaluate, itemsOf, type Scope, within } from "./evaluate.ts";
import { DirectiveFault, SyntaxFault } from "./expression.ts";
import { parseTemplate } from "./syntax.ts";
import type { Directives } from "./template.ts";
import { EvaluationFault, type Fields, type Result, toList, Unresolvable, UnresolvableValue } from "./values.ts";

export interface BodyOptions {
  readonly scope: Scope;
  readonly directives: Directives;
  /** The address of the attribute, for error messages. */
  readonly where: string;
}

/** Evaluates the templates in a value, and expands its `dynamic` blocks. */
export function evaluateValue(value: Value, options: BodyOptions): Result {
  if (typeof value === "string") return evaluateText(value, options);
  if (Array.isArray(value)) return evaluateEach(value as readonly Value[], (item) => evaluateValue(item, options));
  if (value === null || typeof value !== "object") return value as string | number | boolean | null;
  const { dynamic, ...rest } = value as Attributes;
  if (!isDynamic(dynamic)) return evaluateFields(value as Attributes, options);
  const expanded = mapEntries(block(dynamic), (_, name) => attributeOf(value as Attributes, name, options));
  return { ...evaluateFields(rest, options), ...expanded };
}

/** The keys of an object can be expressions, too. */
const evaluateFields = (fields: Attributes, options: BodyOptions): Fields =>
  Object.fromEntries(
    evaluateEach(Object.entries(fields), ([name, value]): [string, Result] => [
      name.includes("${") ? String(evaluateText(name, options)) : name,
      evaluateValue(value, options),
    ]),
  );

/** Continues after a fault, so that one error names all expressions. */
function evaluateEach<Item, Evaluated>(items: readonly Item[], evaluateOne: (item: Item) => Evaluated): Evaluated[] {
  const faults: unknown[] = [];
  const values = items.flatMap((item) => {
    try {
      return [evaluateOne(item)];
    } catch (fault) {
      faults.push(fault);
      return [];
    }
  });
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new UnresolvableValue(faults.flatMap(reasonsOf));
  return values;
}

export const reasonsOf = (fault: unknown): readonly string[] =>
  fault instanceof UnresolvableValue ? fault.reasons : [(fault as Error).message];

const isDynamic = (value: Value | undefined): boolean =>
  Object.values(block(value)).length > 0 &&
  Object.values(block(value)).every((each) =>
    blocks(each).every((one) => one !== null && Object.hasOwn(one, "content")),
  );

/** Whether a body has an attribute or blocks of this name, written out or `dynamic`. */
export const isDeclared = (body: Attributes, name: string): boolean =>
  (body[name] ?? undefined) !== undefined || Object.hasOwn(block(body.dynamic), name);

/** Evaluates an attribute, or all blocks of this name. */
export function attributeOf(body: Attributes, name: string, options: BodyOptions): Result {
  const own = body[name] ?? undefined;
  const dynamic = blocks(isDynamic(body.dynamic) ? block(body.dynamic)[name] : undefined);
  if (dynamic.length === 0) return own === undefined ? null : evaluateValue(own, options);
  const written = own === undefined ? [] : blocks(own).map((each) => evaluateValue(each, options));
  return [...written, ...dynamic.flatMap((each) => expand(each, name, options))];
}

/** https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks */
function expand(
  { for_each = null, iterator = null, content = null }: Attributes,
  name: string,
  options: BodyOptions,
): Result[] {
  const iteratorName = String(iterator ?? name).replace(/^\$\{(.*)\}$/, "$1");
  return itemsOf(evaluateValue(for_each, options)).map((item) => {
    const scope = within(options.scope, { [iteratorName]: { key: item.key, value: item.value } });
    return evaluateValue(block(content), { ...options, scope });
  });
}

/** Names the expression and its place in the message of a fault. */
export function evaluateText(text: string, { scope, directives, where }: BodyOptions): Result {
  try {
    return evaluate(parseTemplate(text, directives), scope);
  } catch (fault) {
    throw located(fault, text, where);
  }
}

function located(fault: unknown, text: string, where: string): unknown {
  if (fault instanceof DirectiveFault) {
    return new Unresolvable(
      `The emulator cannot evaluate the template directive ${fault.message} in ${where}. Template directives are not supported in JSON syntax. Write the resulting text, or %%{ for the characters %{.`,
      { isLocated: true },
    );
  }
  const is = (message: string) => `The emulator cannot resolve ${shortened(text)} in ${where}. ${message}`;
  if (fault instanceof SyntaxFault)
    return new Unresolvable(is(`${fault.message} Correct the expression.`), { isLocated: true });
  if (fault instanceof RangeError) {
    return new Unresolvable(is("It is nested too deeply, or its value is too long."), { isLocated: true });
  }
  if (fault instanceof EvaluationFault && !fault.isLocated) {
    return new EvaluationFault(is(`${fault.message} ${fault.remedy}`), true);
  }
  if (fault instanceof Unresolvable && !fault.isLocated) {
    return new Unresolvable(is(`${fault.message} ${fault.remedy}`), { isLocated: true });
  }
  return fault;
}

/** The file and line say more than a long expression. */
const shortened = (text: string): string => (text.length > 80 || text.includes("\n") ? "the expression" : text);

/** The keys of `for_each`, each with the names that are in scope for its instance; undefined without `for_each` and `count`. */
export function instancesOf(body: Attributes, options: BodyOptions): ReadonlyMap<string | number, Fields> | undefined {
  const { count = null, for_each = null } = body;
  if (for_each !== null)
    return eachInstances(evaluateValue(for_each, { ...options, where: `${options.where}.for_each` }));
  if (count === null) return undefined;
  const total = Number(evaluateValue(count, { ...options, where: `${options.where}.count` }));
  return new Map(Array.from({ length: total }, (_, index) => [index, { count: { index } }]));
}

function eachInstances(value: Result): ReadonlyMap<string, Fields> {
  const items = Array.isArray(value) ? toList(value).map((each) => ({ key: each, value: each })) : itemsOf(value);
  return new Map(items.map(({ key, value: each }) => [String(key), { each: { key, value: each } }]));
}
