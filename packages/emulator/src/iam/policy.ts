import { type Condition, readConditions } from "./conditions.ts";
import { list, record } from "./document.ts";

/** A statement of a policy, as it is evaluated. Plain data: threads hand it to each other. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

/** `Action` and `Resource`, or `NotAction` and `NotResource`. */
export interface Patterns {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** A policy with the place in Terraform where it is written, such as `aws_iam_role_policy.connect`. */
export interface Policy {
  readonly address: string;
  readonly statements: readonly Statement[];
}

const DOCUMENT = ["Version", "Id", "Statement"];
const VERSIONS: readonly unknown[] = ["2012-10-17", "2008-10-17"];
const STATEMENT = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** What IAM takes for either: anything, or what begins like this. */
const SHAPES = {
  Action: { shape: /^(\*|[\w*?-]+:.+)$/, example: "dynamodb:PutItem" },
  Resource: { shape: /^(\*|arn:.+)$/s, example: "arn:aws:dynamodb:…" },
};

/**
 * Reads an identity policy, as JSON or as the object that it says.
 * Throws, with a sentence for a person, at anything that could not be evaluated: nothing is passed over.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(document: unknown): readonly Statement[] {
  const parsed = record(typeof document === "string" ? parseJson(document) : document, "The policy");
  refuseOthers(parsed, DOCUMENT, "the policy");
  const { Version: version } = parsed;
  if (version !== undefined && !VERSIONS.includes(version)) {
    throw new Error(
      `The Version of the policy is ${JSON.stringify(version)}; it must be one of ${VERSIONS.join(", ")}.`,
    );
  }
  const statements = list(parsed.Statement).map((statement) => record(statement, "A statement"));
  if (parsed.Statement === undefined) throw new Error("The policy has no Statement.");
  return statements.map(parseStatement);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new Error(`The policy is no JSON: ${(fault as Error).message}`, { cause: fault });
  }
}

function parseStatement(statement: Readonly<Record<string, unknown>>): Statement {
  refuseOthers(statement, STATEMENT, "a statement");
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new Error(`The Effect of a statement is ${JSON.stringify(effect)}; it must be "Allow" or "Deny".`);
  }
  return {
    effect,
    actions: patternsOf(statement, "Action"),
    resources: patternsOf(statement, "Resource"),
    conditions: readConditions(record(statement.Condition ?? {}, "A Condition")),
  };
}

function patternsOf(statement: Readonly<Record<string, unknown>>, name: "Action" | "Resource"): Patterns {
  const negated = statement[`Not${name}`] !== undefined;
  if (negated && statement[name] !== undefined) throw new Error(`A statement has both ${name} and Not${name}.`);
  const patterns = list(negated ? statement[`Not${name}`] : statement[name]).map((each) => pattern(each, name));
  if (patterns.length === 0) throw new Error(`A statement has no ${name}.`);
  return { negated, patterns };
}

function pattern(text: unknown, name: "Action" | "Resource"): string {
  const { shape, example } = SHAPES[name];
  if (typeof text !== "string" || !shape.test(text)) {
    throw new Error(`The ${name} of a statement is ${JSON.stringify(text)}; it must be "*" or like "${example}".`);
  }
  if (text.includes("${")) throw new Error(`The emulator cannot evaluate the policy variable in "${text}".`);
  return text;
}

function refuseOthers(value: object, known: readonly string[], what: string): void {
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other) throw new Error(`The emulator cannot evaluate "${other}" in ${what}. It knows ${known.join(", ")}.`);
}
