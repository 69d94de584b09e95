/** Functions that read only their arguments. Functions such as `file` and `templatefile` could read credentials on this machine. */
const PURE = [
  "concat",
  "element",
  "join",
  "jsonencode",
  "md5",
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
/** Calls nested in two levels, as cdktf writes them. */
const CALL = callOf(`(?:${callOf(ARGUMENT)}|${ARGUMENT})`);
const SAFE = new RegExp(String.raw`\$\{(?:${REFERENCE}|${CALL})\}`, "g");

/** `$${` is the text `${`, not an expression. Three or more `$` in a row are ambiguous. */
const ESCAPED = /(?<!\$)\$\$\{|(?<!%)%%\{/g;

/**
 * Returns all expressions other than references and calls of pure functions. It recognizes what is safe, not what is unsafe,
 * so it does not have to parse expressions as Terraform does.
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
