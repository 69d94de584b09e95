/** Functions of their arguments alone. `file`, `templatefile` and their like read this machine, and with it the credentials. */
const PURE = [
  "concat",
  "element",
  "join",
  "jsonencode",
  "one",
  "replace",
  "split",
  "tolist",
  "trimprefix",
  "trimsuffix",
];

const REFERENCE = String.raw`[a-z_]\w*(?:\.[\w-]+|\[\d+\]|\["[\w.$:/-]+"\])*`;
const ARGUMENT = String.raw`(?:${REFERENCE}|-?\d+|"[^"$%{}\\]*")`;
const callOf = (argument: string): string =>
  String.raw`(?:${PURE.join("|")})\(${argument}(?:, ?${argument})*\)(?:\.\w+|\[\d+\])*`;
/** Of two levels, as cdktf nests calls. */
const CALL = callOf(`(?:${callOf(ARGUMENT)}|${ARGUMENT})`);
const SAFE = new RegExp(String.raw`\$\{(?:${REFERENCE}|${CALL})\}`, "g");

/** `$${` is no expression, but the text `${`. More than two in a row can be read in two ways. */
const ESCAPED = /(?<!\$)\$\$\{|(?<!%)%%\{/g;

/**
 * Expressions that are more than a reference, or calls of pure functions. Looks for what is safe and
 * not for what is not: nothing has to be parsed as Terraform parses it.
 */
export function unsafeExpressions(value: unknown): string[] {
  if (typeof value === "string") {
    const rest = value.replaceAll(ESCAPED, "\0").replaceAll(SAFE, "\0");
    return /[$%]\{/.test(rest) ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [...unsafeExpressions(key), ...unsafeExpressions(child)]);
}

export const ALLOWED_EXPRESSIONS = `a reference, or calls of ${PURE.join(", ")}`;
