/** The values of a request's condition keys. Keys are in lower case. */
export type Context = Readonly<Record<string, readonly string[]>>;

/** A part of a pattern: a character, or a wildcard with the only character that it does not match. */
interface Token {
  readonly character?: string;
  readonly except?: string | undefined;
  /** Whether it matches any number of characters. */
  readonly repeats: boolean;
}

/** `${*}`, `${?}` and `${$}` are these characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars */
const ESCAPED = /\$\{([*?$])\}/g;
const PART = /\$\{[*?$]\}|./gsu;

/** The text of a pattern in which `*` and `?` are not wildcards. */
export const literalOf = (pattern: string): string => pattern.replaceAll(ESCAPED, "$1");

function tokenOf(part: string, except?: string): Token {
  if (part === "*" || part === "?") return { except, repeats: part === "*" };
  return { character: part.length > 2 ? (part[2] as string) : part, repeats: false };
}

/** The end of a pattern, which matches no character. */
const END: Token = { character: "", repeats: false };

const accepts = ({ character, except }: Token, text: string): boolean =>
  character === undefined ? text !== except : text === character;

/** Whether a text matches an IAM pattern: `*` matches any text, including slashes and colons, and `?` any character. */
export const matchesGlob = (pattern: string, text: string): boolean =>
  matches(pattern, text, (rest) => (rest.match(PART) ?? []).map((part) => tokenOf(part)));

/**
 * Whether an ARN matches the pattern of a Resource element. Wildcards stay within a segment, but a `*` at the end of a
 * segment also matches colons. In the last of the six segments, the wildcards match any character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export const matchesResource = (pattern: string, arn: string): boolean =>
  matches(pattern, arn, (rest) => {
    let colons = pattern.slice(0, pattern.length - rest.length).split(":").length - 1;
    const parts = rest.match(PART) ?? [];
    return parts.map((part, index) => {
      if (part === ":") colons += 1;
      const endsSegment = part === "*" && [":", undefined].includes(parts[index + 1]);
      return tokenOf(part, colons < 5 && !endsSegment ? ":" : undefined);
    });
  });

/**
 * Whether an ARN matches the pattern of an ARN operator. The six parts are compared one by one; the last can contain colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const [parts, patterns] = [partsOf(arn), partsOf(pattern)];
  return parts.length === patterns.length && parts.every((part, index) => matchesGlob(patterns[index] as string, part));
}

const partsOf = (arn: string): readonly string[] =>
  /^(.*?):(.*?):(.*?):(.*?):(.*?):(.*)$/s.exec(arn)?.slice(1) ?? [arn];

/** Compares the text up to the first wildcard at once, because most patterns have a wildcard at their end or none. */
function matches(pattern: string, text: string, tokensOf: (rest: string) => readonly Token[]): boolean {
  const special = pattern.search(/[*?$]/);
  if (special < 0) return pattern === text;
  if (!text.startsWith(pattern.slice(0, special))) return false;
  const rest = pattern.slice(special);
  return rest === "*" || matchesTokens(tokensOf(rest), text.slice(special));
}

/**
 * Tracks all positions in the pattern that the text can have reached, so that a pattern with many `*` is fast on a long
 * text. A regular expression is not.
 */
function matchesTokens(tokens: readonly Token[], text: string): boolean {
  let positions = reach([], 0, tokens);
  for (const character of text) positions = after(character, positions, tokens);
  return positions.at(-1) === tokens.length;
}

function after(character: string, positions: readonly number[], tokens: readonly Token[]): number[] {
  const next: number[] = [];
  for (const position of positions) {
    const token = tokens[position] ?? END;
    if (accepts(token, character)) reach(next, token.repeats ? position : position + 1, tokens);
  }
  return next;
}

/** Adds a position in ascending order, and those that follow it if each `*` matches no character. */
function reach(positions: number[], from: number, tokens: readonly Token[]): number[] {
  for (let position = from; ; position += 1) {
    if (position > (positions.at(-1) ?? -1)) positions.push(position);
    if (!tokens[position]?.repeats) return positions;
  }
}

/** `${aws:username}` or `${aws:username, 'a default'}`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
const VARIABLE = /\$\{([\w-]+:[\w/.-]+)(?:, '([^']*)')?\}/g;

/** The keys of the variables in a text. */
export const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(VARIABLE)].map(([, key]) => key as string);

/** Whether a text contains `${` in another place than in a variable or an escaped character. */
export const hasInvalidVariable = (text: string): boolean =>
  text.replaceAll(VARIABLE, "").replaceAll(ESCAPED, "").includes("${");

/** The text with every `${` as characters, for policies of a version without variables. */
export const withoutVariables = (text: string): string => text.replaceAll(/(\$)(?=\{)/g, "$1{$1}");

/**
 * The pattern with the values of its variables. Undefined if a variable has neither a value nor a default: such a pattern
 * matches nothing. Wildcards in a value are characters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function resolve(pattern: string, context: Context): string | undefined {
  let isComplete = true;
  const resolved = pattern.replaceAll(VARIABLE, (_, key: string, fallback: string | undefined) => {
    const value = context[key.toLowerCase()]?.[0] ?? fallback;
    isComplete &&= value !== undefined;
    return (value ?? "").replaceAll(/[*?$]/g, "$${$&}");
  });
  return isComplete ? resolved : undefined;
}
