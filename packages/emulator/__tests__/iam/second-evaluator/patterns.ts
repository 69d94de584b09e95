/** Characters, wildcards and variables of IAM policies, as AWS documents them. */

/** The values of each condition key in a request. The names of keys are case-insensitive. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

/** A wildcard, or a literal character: one code point. */
type Token = { readonly wildcard: "*" | "?" } | { readonly character: string };

const characters = (text: string): Token[] => [...text].map((character) => ({ character }));

const wildcards = (text: string): Token[] =>
  [...text].map((character) => (character === "*" || character === "?" ? { wildcard: character } : { character }));

/**
 * "Condition key names are not case-sensitive."
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function valuesOf(context: RequestContext, key: string): readonly string[] {
  const name = Object.keys(context).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  return name === undefined ? [] : (context[name] ?? []);
}

const VARIABLE = /\$\{(?:(?<special>[*?$])|(?<key>[^,}]+)(?:, '(?<fallback>[^']*)')?)\}/gu;

/**
 * Parses a pattern and replaces its variables. Returns undefined if a variable has neither a value nor a default, because
 * such a value is effectively null and equals nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function parse(text: string, context: RequestContext | undefined): Token[] | undefined {
  // Without version 2012-10-17, "variables like ${aws:username} are treated as literal strings".
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  if (context === undefined) return wildcards(text);
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const { special, key = "", fallback } = match.groups ?? {};
    // "${*}", "${?}" and "${$}" stand for the character itself.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    const value = special ?? valuesOf(context, key)[0] ?? fallback;
    if (value === undefined) return undefined;
    tokens.push(...wildcards(text.slice(end, match.index)), ...characters(value));
    end = match.index + match[0].length;
  }
  return [...tokens, ...wildcards(text.slice(end))];
}

/** The text of a pattern in an operator without wildcards, where "*" is a character. */
export const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => ("wildcard" in token ? token.wildcard : token.character)).join("");

/** A regular expression, where `ofWildcard` has the expression for a wildcard at a position. */
function accepts(
  pattern: readonly Token[],
  text: string,
  ofWildcard: (wildcard: "*" | "?", index: number) => string,
): boolean {
  const source = pattern.map((token, index) =>
    "wildcard" in token ? ofWildcard(token.wildcard, index) : `\\u{${token.character.codePointAt(0)?.toString(16)}}`,
  );
  return new RegExp(`^${source.join("")}$`, "u").test(text);
}

/**
 * "*" stands for any number of characters and "?" for a single one, anywhere in the string.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export const like = (pattern: readonly Token[], text: string): boolean =>
  accepts(pattern, text, (wildcard) => (wildcard === "*" ? "[^]*" : "[^]"));

/**
 * Wildcards stay within a segment of the ARN, except a "*" at its end, which "can expand to match beyond the colon
 * boundaries".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export function resourceLike(pattern: readonly Token[], resource: string): boolean {
  const isColon = (index: number): boolean => {
    const token = pattern[index];
    return token !== undefined && "character" in token && token.character === ":";
  };
  return accepts(pattern, resource, (wildcard, index) => {
    if (wildcard === "?") return "[^:]";
    return index + 1 === pattern.length || isColon(index + 1) ? "[^]*" : "[^:]*";
  });
}

/**
 * "Each of the six colon-delimited components of the ARN is checked separately." ArnEquals and ArnLike are the same.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnLike(pattern: readonly Token[], arn: string): boolean {
  const components: Token[][] = [[]];
  for (const token of pattern) {
    const isColon = "character" in token && token.character === ":";
    if (isColon && components.length < 6) components.push([]);
    else components.at(-1)?.push(token);
  }
  const parts = arn.split(":");
  const values = [...parts.slice(0, 5), parts.slice(5).join(":")];
  return (
    parts.length >= 6 &&
    components.length === 6 &&
    components.every((component, index) => like(component, values[index] ?? ""))
  );
}

/**
 * "The prefix and the action name are case insensitive", and can contain wildcards.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const actionLike = (pattern: string, action: string): boolean =>
  like(wildcards(pattern.toLowerCase()), action.toLowerCase());
