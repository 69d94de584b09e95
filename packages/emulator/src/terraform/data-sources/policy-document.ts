import { type Attributes, blocks, type Value } from "../configuration.ts";
import type { Instance } from "../language/instance.ts";
import { EvaluationFault, plain } from "../language/values.ts";

type Statement = Readonly<Record<string, unknown>>;

interface Document {
  readonly Version: string;
  readonly Id?: string;
  readonly Statement: readonly Statement[];
}

/** Policy variables are written as `&{…}`, because Terraform evaluates `${…}`. */
const texts = (values: Value | undefined): string[] => list(values).map((each) => String(each).replaceAll("&{", "${"));

const list = (values: Value | undefined): readonly Value[] =>
  (values ?? undefined) === undefined ? [] : ([values].flat() as Value[]);

/** The provider writes a list of one as text, and others in descending order. */
function oneOrAll(values: Value | undefined): string | string[] | undefined {
  const [only, ...others] = [...new Set(texts(values))].sort().reverse();
  return others.length === 0 ? only : [only as string, ...others];
}

function principalsOf(value: Value | undefined): unknown {
  const found = blocks(value).map(({ type, identifiers }) => ({ type: String(type), identifiers: list(identifiers) }));
  if (found.length === 0) return undefined;
  if (found.length === 1 && found[0]?.type === "*" && found[0].identifiers.join() === "*") return "*";
  const types = [...new Set(found.map(({ type }) => type))].sort();
  const ofType = (name: string) => found.filter(({ type }) => type === name).flatMap(({ identifiers }) => identifiers);
  return Object.fromEntries(types.map((type) => [type, oneOrAll(ofType(type))]));
}

function conditionsOf(value: Value | undefined): unknown {
  const found = blocks(value);
  if (found.length === 0) return undefined;
  const tests = [...new Set(found.map(({ test }) => String(test)))].sort();
  return Object.fromEntries(
    tests.map((name) => [
      name,
      Object.fromEntries(
        found
          .filter(({ test }) => test === name)
          .map(({ variable, values }) => [variable, texts(values).length === 1 ? texts(values)[0] : texts(values)]),
      ),
    ]),
  );
}

const statementOf = (statement: Attributes): Statement =>
  Object.fromEntries(
    Object.entries({
      Sid: statement.sid || undefined,
      Effect: statement.effect ?? "Allow",
      Action: oneOrAll(statement.actions),
      NotAction: oneOrAll(statement.not_actions),
      Resource: oneOrAll(statement.resources),
      NotResource: oneOrAll(statement.not_resources),
      Principal: principalsOf(statement.principals),
      NotPrincipal: principalsOf(statement.not_principals),
      Condition: conditionsOf(statement.condition),
    }).filter(([, value]) => value !== undefined),
  );

function parse(text: Value, name: string): Document {
  try {
    return JSON.parse(String(text)) as Document;
  } catch (fault) {
    throw new EvaluationFault(`A policy in "${name}" is not valid JSON: ${(fault as Error).message}.`);
  }
}

/** A later statement replaces an earlier one that has the same Sid. */
function replaceBySid(statements: readonly Statement[], later: readonly Statement[]): readonly Statement[] {
  const sids = later.map(({ Sid }) => Sid).filter(Boolean);
  const bySid = (sid: unknown) => later.findLast(({ Sid }) => Sid === sid) as Statement;
  const replaced = statements.map((each) => (sids.includes(each.Sid) ? bySid(each.Sid) : each));
  const known = statements.map(({ Sid }) => Sid);
  return [...replaced, ...later.filter(({ Sid }) => !Sid || !known.includes(Sid))];
}

/**
 * Builds the policy of an `aws_iam_policy_document`: the documents of `source_policy_documents`, then its own statements,
 * then those of `override_policy_documents`. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export function policyDocument(source: Instance): Document {
  const read = (name: string) => plain(source.find(name) ?? null);
  const statementsIn = (name: string) =>
    list(read(name))
      .filter((text) => text !== "")
      .flatMap((text) => [parse(text, name).Statement].flat());
  const own = blocks(read("statement")).map(statementOf);
  const merged = [...statementsIn("source_policy_documents"), ...own];
  const policyId = read("policy_id");
  return {
    Version: String(read("version") ?? "2012-10-17"),
    ...(policyId ? { Id: String(policyId) } : {}),
    Statement: replaceBySid(merged, statementsIn("override_policy_documents")),
  };
}
