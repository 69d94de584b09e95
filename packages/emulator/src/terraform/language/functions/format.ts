import { EvaluationFault, numberText, plain, type Result, toBool, toNumber, toText } from "../values.ts";

interface Verb {
  readonly flags: string;
  readonly precision: number | undefined;
}

const isScalar = (value: Result): boolean => ["string", "number", "boolean"].includes(typeof value);

const jsonText = (value: Result): string => JSON.stringify(plain(value));

const signed = (text: string, { flags }: Verb): string =>
  flags.includes("+") && !text.startsWith("-") ? `+${text}` : text;

const whole = (value: Result, radix: number, verb: Verb): string =>
  signed(Math.trunc(toNumber(value)).toString(radix), verb);

function hexadecimal(value: Result, verb: Verb): string {
  return typeof value === "string" ? Buffer.from(value).toString("hex") : whole(value, 16, verb);
}

/** Go writes at least two digits in an exponent. */
const exponent = (value: Result, precision: number): string =>
  toNumber(value)
    .toExponential(precision)
    .replace(/e([+-])(\d)$/, "e$10$2");

/** https://developer.hashicorp.com/terraform/language/functions/format#specification-syntax */
const VERBS: Readonly<Record<string, (value: Result, verb: Verb) => string>> = {
  v: (value, { flags }) => (isScalar(value) && !flags.includes("#") ? toText(value) : jsonText(value)),
  t: (value) => String(toBool(value)),
  b: (value, verb) => whole(value, 2, verb),
  d: (value, verb) => whole(value, 10, verb),
  o: (value, verb) => whole(value, 8, verb),
  x: hexadecimal,
  X: (value, verb) => hexadecimal(value, verb).toUpperCase(),
  e: (value, verb) => signed(exponent(value, verb.precision ?? 6), verb),
  f: (value, verb) => signed(toNumber(value).toFixed(verb.precision ?? 6), verb),
  g: (value, verb) => signed(numberText(toNumber(value)), verb),
  s: (value, { precision }) => [...toText(value)].slice(0, precision).join(""),
  q: (value) => JSON.stringify(toText(value)),
};

const VERB = /%(?:%|([ +#0-]*)(\d+)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))/g;

interface Directive extends Verb {
  readonly text: string;
  readonly width: number;
  /** The position of the value, from 1; undefined for the next value. */
  readonly position: number | undefined;
  readonly verb: string;
}

const number = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));

/** Divides a specification into literal texts and directives. */
function parse(specification: string): (string | Directive)[] {
  const found: (string | Directive)[] = [];
  let end = 0;
  for (const match of specification.matchAll(VERB)) {
    const [text, flags = "", width, precision, position, verb] = match;
    found.push(specification.slice(end, match.index));
    end = match.index + text.length;
    if (verb === undefined) found.push("%");
    else {
      const numbers = { width: Number(width ?? 0), precision: number(precision), position: number(position) };
      found.push({ text, flags, verb, ...numbers });
    }
  }
  return [...found, specification.slice(end)];
}

/** Formats values as Go's `fmt` does. Throws if a value is missing or left over. */
export function format(specification: string, values: readonly Result[]): string {
  let next = 1;
  let used = 0;
  const write = (part: string | Directive): string => {
    if (typeof part === "string") return part;
    const position = part.position ?? next;
    next = position + 1;
    used = Math.max(used, position);
    return formatOne(part, values[position - 1]);
  };
  const formatted = parse(specification).map(write).join("");
  if (used < values.length) throw new EvaluationFault(`It has ${values.length} values, but uses only ${used}.`);
  return formatted;
}

function formatOne(directive: Directive, value: Result | undefined): string {
  const write = Object.hasOwn(VERBS, directive.verb) ? VERBS[directive.verb] : undefined;
  if (!write) throw new EvaluationFault(`The verb ${directive.text} does not exist.`);
  if (value === undefined) throw new EvaluationFault(`The value for ${directive.text} is missing.`);
  return padded(write(value, directive), directive.flags, directive.width);
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}
