import { type Condition, readConditions, readPattern } from "./conditions.ts";
import { list, record, shown } from "./document.ts";

/** A statement of a policy. It is plain data, so that it can be sent to a thread. */
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

/** A policy with its address in Terraform, such as `aws_iam_role_policy.connect`. */
export interface Policy {
  readonly address: string;
  readonly statements: readonly Statement[];
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
/** In other versions, variables are text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
const WITH_VARIABLES = "2012-10-17";
const VERSIONS: readonly unknown[] = [WITH_VARIABLES, "2008-10-17"];
const STATEMENT_ELEMENTS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** The formats of an action and of a resource. */
const FORMATS = {
  Action: { shape: /^(\*|[\w*?-]+:.+)$/, example: "dynamodb:PutItem" },
  Resource: { shape: /^(\*|arn:.+)$/s, example: "arn:aws:dynamodb:…" },
};

/**
 * Parses an identity policy from JSON, or from an object.
 * Throws if the emulator cannot evaluate a part of the policy, so that no part is ignored.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(document: unknown): readonly Statement[] {
  const parsed = record(typeof document === "string" ? parseJson(document) : document, "The policy");
  requireElements(parsed, DOCUMENT_ELEMENTS, "the policy");
  const { Version: version } = parsed;
  if (version !== undefined && !VERSIONS.includes(version)) {
    throw new Error(`The Version of the policy is ${shown(version)}. It must be one of ${VERSIONS.join(", ")}.`);
  }
  const statements = list(parsed.Statement).map((statement) => record(statement, "A statement"));
  if (parsed.Statement === undefined) throw new Error("The policy has no Statement. Add one.");
  return statements.map((statement) => parseStatement(statement, version === WITH_VARIABLES));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new Error(`The policy is not valid JSON: ${(fault as Error).message}`, { cause: fault });
  }
}

function parseStatement(statement: Readonly<Record<string, unknown>>, hasVariables: boolean): Statement {
  requireElements(statement, STATEMENT_ELEMENTS, "a statement");
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new Error(`The Effect of a statement is ${shown(effect)}. It must be "Allow" or "Deny".`);
  }
  const resources = patternsOf(statement, "Resource");
  return {
    effect,
    actions: patternsOf(statement, "Action"),
    resources: { ...resources, patterns: resources.patterns.map((each) => resourcePattern(each, hasVariables)) },
    conditions: readConditions(record(statement.Condition ?? {}, "A Condition"), hasVariables),
  };
}

function patternsOf(statement: Readonly<Record<string, unknown>>, name: "Action" | "Resource"): Patterns {
  const negated = statement[`Not${name}`] !== undefined;
  if (negated && statement[name] !== undefined)
    throw new Error(`A statement has both ${name} and Not${name}. Remove one.`);
  const patterns = list(negated ? statement[`Not${name}`] : statement[name]).map((each) => pattern(each, name));
  if (patterns.length === 0) throw new Error(`A statement has no ${name}. Add one.`);
  return { negated, patterns };
}

function pattern(text: unknown, name: "Action" | "Resource"): string {
  const { shape, example } = FORMATS[name];
  if (typeof text !== "string" || !shape.test(text)) {
    throw new Error(`The ${name} of a statement is ${shown(text)}. It must be "*" or have the format of "${example}".`);
  }
  if (name === "Action" && text.includes("${"))
    throw new Error(
      `The Action ${shown(text)} has a policy variable. IAM allows them in resources and conditions only.`,
    );
  return text;
}

/** Variables are allowed after the fifth colon only. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement */
function resourcePattern(text: string, hasVariables: boolean): string {
  const read = readPattern(text, hasVariables);
  if (!hasVariables || !/^(?:[^:]*:){0,4}[^:]*\$\{/.test(text)) return read;
  throw new Error(
    `The Resource ${shown(text)} has a policy variable before its fifth colon. IAM allows variables after it only. Write the value itself.`,
  );
}

function requireElements(value: object, known: readonly string[], what: string): void {
  const unsupported = Object.keys(value).find((name) => !known.includes(name));
  if (unsupported)
    throw new Error(`The emulator cannot evaluate "${unsupported}" in ${what}. It supports ${known.join(", ")}.`);
}
