import { computed, type Place } from "./computed.ts";
import {
  type Attributes,
  type Configuration,
  mapEntries,
  type Resources,
  StackError,
  type Value,
} from "./configuration.ts";

/** An expression or a directive, or either escaped by doubling its first character. */
const TEMPLATE = /\$?\$\{([^}]*)\}|%?%\{[^}]*\}?/g;
const REFERENCE = /^(\w+)\.([\w-]+)\.(\w+)$/;

const CALL = /^replace\((.*), ?"((?:[^"\\$%]|\\["\\])*)", ?"((?:[^"\\$%]|\\["\\])*)"\)$/s;

/**
 * Returns every resource as it would be in the Terraform state: its declared attributes with resolved references, and its
 * computed attributes. Supports references, and `replace` of a reference. Omits optional attributes that contain other
 * expressions, and throws a `StackError` that lists those of all other attributes.
 */
export function resolveReferences(
  { resource }: Pick<Configuration, "resource">,
  { isOptional = () => false, ...place }: ResolveOptions,
): Resources {
  const read: Lookup = ({ type, id, attribute }, where) => {
    const attributes = resource[type]?.[id];
    const declared = attributes?.[attribute];
    if (typeof declared === "string" || typeof declared === "number") return resolveText(`${declared}`, where, read);
    const compute = attributes && computed[type]?.[attribute];
    if (!compute) throw unknown(`\${${type}.${id}.${attribute}}`, where);
    return compute(`${type}.${id}`, (name) => read({ type, id, attribute: name }, where), place);
  };
  const faults: string[] = [];
  /** Continues after a fault, so that one error lists them all. */
  const attempt = (resolve: () => string): string => {
    try {
      return resolve();
    } catch (fault) {
      faults.push((fault as Error).message);
      return "";
    }
  };
  const resolveDeclared = (type: string, id: string, [name, value]: [string, Value]): [string, Value][] => {
    const resolve = (text: string) => resolveText(text, `${type}.${id}.${name}`, read);
    if (!isOptional(type, name)) return [[name, resolveValue(value, (text) => attempt(() => resolve(text)))]];
    try {
      return [[name, resolveValue(value, resolve)]];
    } catch {
      return [];
    }
  };
  const resolved = mapEntries(resource, (ofType, type) =>
    mapEntries(ofType, (attributes, id) => ({
      ...Object.fromEntries(Object.entries(attributes).flatMap((attribute) => resolveDeclared(type, id, attribute))),
      ...mapEntries(computed[type] ?? {}, (_, attribute) =>
        attempt(() => read({ type, id, attribute }, `${type}.${id}`)),
      ),
    })),
  );
  if (faults.length > 0) throw new StackError(faults);
  return resolved;
}

interface ResolveOptions extends Place {
  /** Whether the stack can be played without an attribute of a resource type; default: never. */
  readonly isOptional?: (type: string, attribute: string) => boolean;
}

interface Reference {
  readonly type: string;
  readonly id: string;
  readonly attribute: string;
}

/** Returns the value of a reference. `where` is the attribute that contains it, for the error message. */
type Lookup = (reference: Reference, where: string) => string;

function resolveValue(value: Value, resolve: (text: string) => string): Value {
  if (typeof value === "string") return resolve(value);
  if (Array.isArray(value)) return value.map((item: Value) => resolveValue(item, resolve));
  if (value && typeof value === "object") return mapEntries(value as Attributes, (item) => resolveValue(item, resolve));
  return value;
}

function resolveText(text: string, where: string, read: Lookup): string {
  return text.replaceAll(TEMPLATE, (match, expression: string) => {
    if (match.startsWith("$$") || match.startsWith("%%")) return match.slice(1);
    if (match.startsWith("%")) throw directive(match, where);
    const value = evaluate(expression, (reference) => read(reference, where));
    if (value === undefined) throw unknown(match, where);
    return value;
  });
}

/** Returns undefined for an unsupported expression. */
function evaluate(expression: string, read: (reference: Reference) => string): string | undefined {
  const [, type, id, attribute] = REFERENCE.exec(expression) ?? [];
  if (type && id && attribute) return read({ type, id, attribute });
  const [, text, from, to] = CALL.exec(expression) ?? [];
  if (text === undefined || from === undefined || to === undefined || isPattern(from)) return undefined;
  return evaluate(text, read)?.replaceAll(unquoted(from), () => unquoted(to));
}

/** Terraform treats a text between slashes as a regular expression. https://developer.hashicorp.com/terraform/language/functions/replace */
const isPattern = (text: string): boolean => text.length > 1 && text.startsWith("/") && text.endsWith("/");

const unquoted = (text: string): string => text.replaceAll(/\\(["\\])/g, "$1");

/** https://developer.hashicorp.com/terraform/language/expressions/strings#directives */
const directive = (text: string, where: string): Error =>
  new Error(
    `The emulator cannot evaluate the template directive ${text} in ${where}. Template directives are not supported. Write the resulting text, or %%{ for the characters %{.`,
  );

const unknown = (expression: string, where: string): Error =>
  new Error(
    `The emulator cannot resolve ${expression} in ${where}. It resolves references to supported resources, and replace(<reference>, "<text>", "<text>") without regular expressions. Write the value itself.`,
  );
