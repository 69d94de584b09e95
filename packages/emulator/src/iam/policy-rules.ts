import { conditionViolations } from "./condition-rules.ts";
import {
  GRAMMAR,
  isObject,
  type Json,
  type JsonObject,
  list,
  type PolicyKind,
  shown,
  type Violation,
} from "./document.ts";
import { principalViolations } from "./principal-rules.ts";
import { actionsMatching, canMatchArn, type KnownAction, SERVICE_REFERENCE } from "./service-reference.ts";

export type { PolicyKind, Violation };

const GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/";
const SID = `${GUIDE}reference_policies_elements_sid.html`;
const VERSION = `${GUIDE}reference_policies_elements_version.html`;
const RESOURCE = `${GUIDE}reference_policies_elements_resource.html`;
const ARN = `${GUIDE}reference-arns.html`;
const TRUST = `${GUIDE}reference_policies_elements_principal.html`;

const DOCUMENT = ["Version", "Id", "Statement"];
const STATEMENT = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
];
const VERSIONS: readonly unknown[] = [undefined, "2012-10-17", "2008-10-17"];

/** An ARN with wildcards. It can end early with a wildcard. The service cannot contain one. */
const ARN_SHAPE =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc|aws-iso(-[bef])?|\*):[a-z0-9-]+:([a-z0-9-]*\*|[a-z0-9*?-]*:([\d?]*\*|(\d{12}|[\d*?]*|aws|\$\{[^}]+\}):.+))$/s;

/**
 * Checks an IAM policy document against the grammar of policies and the list of actions, resource types and condition keys.
 * Terraform references must be resolved before. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export async function policyViolations(document: string, kind: PolicyKind): Promise<readonly Violation[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch (fault) {
    return [{ place: "policy", problem: `The policy is not valid JSON: ${(fault as Error).message}.`, rule: GRAMMAR }];
  }
  if (!isObject(parsed))
    return [{ place: "policy", problem: "The policy is not a JSON object. It must be one.", rule: GRAMMAR }];
  const statements = list(parsed.Statement) as readonly Json[];
  const perStatement = statements.map((statement, index) =>
    statementViolations(statement, { kind, place: `Statement[${index}]` }),
  );
  return [
    ...duplicateKeys(document),
    ...documentViolations(parsed, statements),
    ...(await Promise.all(perStatement)).flat(),
  ];
}

/** `JSON.parse` keeps the last of several equal keys, but IAM rejects the policy. */
function duplicateKeys(json: string): Violation[] {
  const found: Violation[] = [];
  const objects: Set<string>[] = [];
  for (const [token, text = ""] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else if (text && objects.at(-1)?.has(text)) {
      found.push({
        place: JSON.parse(text),
        problem: `An object has the key ${text} twice. Remove one.`,
        rule: GRAMMAR,
      });
    } else if (text) objects.at(-1)?.add(text);
  }
  return found;
}

function documentViolations(document: JsonObject, statements: readonly Json[]): Violation[] {
  const found = unknownElements(document, { known: DOCUMENT, place: "policy" });
  const { Version: version } = document;
  if (!VERSIONS.includes(version)) {
    const problem = `The version is ${shown(version)}. IAM allows "2012-10-17" and "2008-10-17".`;
    found.push({ place: "Version", problem, rule: VERSION });
  }
  if (statements.length === 0) {
    found.push({ place: "Statement", problem: "The policy has no statement. It needs at least one.", rule: GRAMMAR });
  }
  const sids = statements.map((statement) => (isObject(statement) ? statement.Sid : undefined));
  for (const sid of new Set(sids.filter((each, index) => each !== undefined && sids.indexOf(each) !== index))) {
    const problem = `Several statements have the id ${shown(sid)}. Each id must be unique in its policy.`;
    found.push({ place: "Statement", problem, rule: SID });
  }
  return found;
}

const unknownElements = (
  value: JsonObject,
  { known, place }: { readonly known: readonly string[]; readonly place: string },
): Violation[] =>
  Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      place,
      problem: `IAM does not allow the element ${shown(name)} here. It allows ${known.join(", ")}.`,
      rule: GRAMMAR,
    }));

interface StatementContext {
  readonly kind: PolicyKind;
  readonly place: string;
}

async function statementViolations(statement: Json, { kind, place }: StatementContext): Promise<readonly Violation[]> {
  if (!isObject(statement)) {
    return [{ place, problem: `The statement is ${shown(statement)}. It must be an object.`, rule: GRAMMAR }];
  }
  const { Action: action, Resource: resource, Condition: condition } = statement;
  const texts = { actions: textsOf(action), resources: textsOf(resource) };
  const known = new Map<string, readonly KnownAction[]>();
  for (const each of texts.actions) known.set(each, each === "*" ? [] : await actionsMatching(each));
  return [
    ...unknownElements(statement, { known: STATEMENT, place }),
    ...sidAndEffect(statement, place),
    ...elementPairs(statement, { kind, place }),
    ...principalViolations(statement, { kind, place }),
    ...[...known].flatMap(([pattern, actions]) => actionViolations(pattern, actions, { kind, place })),
    ...resourceViolations({ kind, place, resources: texts.resources, known }),
    ...(await conditionViolations(condition, { place: `${place}.Condition`, actions: known })),
  ];
}

const textsOf = (value: Json | undefined): string[] => list(value).filter((each) => typeof each === "string");

function sidAndEffect({ Sid: sid, Effect: effect }: JsonObject, place: string): Violation[] {
  const found: Violation[] = [];
  if (sid !== undefined && (typeof sid !== "string" || !/^[0-9A-Za-z]*$/.test(sid))) {
    const problem = `The statement id is ${shown(sid)}. IAM allows only letters and digits, [0-9A-Za-z]*.`;
    found.push({ place: `${place}.Sid`, problem, rule: SID });
  }
  if (effect !== "Allow" && effect !== "Deny") {
    const problem = `The effect is ${shown(effect)}. IAM allows "Allow" and "Deny".`;
    found.push({ place: `${place}.Effect`, problem, rule: GRAMMAR });
  }
  return found;
}

/** Which of an element and its negation a statement must have: exactly one, or neither. */
function elementPairs(statement: JsonObject, { kind, place }: StatementContext): Violation[] {
  const required = { Action: true, Resource: kind !== "trust", Principal: kind !== "identity" };
  return Object.entries(required).flatMap(([element, isRequired]) => {
    const present = [element, `Not${element}`].filter((name) => statement[name] !== undefined);
    const allowed = isRequired ? 1 : 0;
    const malformed = present.filter((name) => !element.startsWith("Principal") && !isTextOrTexts(statement[name]));
    return [
      ...malformed.map((name) => ({
        place: `${place}.${name}`,
        problem: `${name} is ${shown(statement[name])}. It must be a string, or a list of at least one string.`,
        rule: GRAMMAR,
      })),
      ...(present.length === allowed ? [] : [wrongCount(element, { kind, place, present, isRequired })]),
    ];
  });
}

const isTextOrTexts = (value: Json | undefined): boolean =>
  list(value).length > 0 && list(value).every((each) => typeof each === "string");

function wrongCount(
  element: string,
  {
    kind,
    place,
    present,
    isRequired,
  }: StatementContext & { readonly present: readonly string[]; readonly isRequired: boolean },
): Violation {
  const received = present.length === 0 ? `no ${element}` : present.join(" and ");
  const owner = { identity: "an identity policy", trust: "a role's trust policy", resource: "a resource policy" }[kind];
  const allowed = isRequired ? `needs either ${element} or Not${element}` : `must not have ${element}`;
  return { place, problem: `The statement has ${received}. A statement of ${owner} ${allowed}.`, rule: GRAMMAR };
}

function actionViolations(
  pattern: string,
  actions: readonly KnownAction[],
  { kind, place }: StatementContext,
): Violation[] {
  const at = `${place}.Action`;
  if (kind === "trust" && !/^sts:/i.test(pattern)) {
    const problem = `The action ${shown(pattern)} is in a trust policy. Trust policies allow only actions of sts.`;
    return [{ place: at, problem, rule: TRUST }];
  }
  if (pattern === "*" || actions.length > 0) return [];
  const problem = `The action ${shown(pattern)} does not exist. Use an action of the service authorization reference.`;
  return [{ place: at, problem, rule: SERVICE_REFERENCE, ...(pattern.includes(":") && { isAccepted: true }) }];
}

interface Resources extends StatementContext {
  readonly resources: readonly string[];
  /** The actions of the service authorization reference, by the pattern in the policy. */
  readonly known: ReadonlyMap<string, readonly KnownAction[]>;
}

function resourceViolations({ place, resources, known }: Resources): Violation[] {
  const at = `${place}.Resource`;
  const malformed = resources.filter((resource) => resource !== "*" && !ARN_SHAPE.test(resource));
  const reaches = (action: KnownAction, resource: string) => action.arns.some((arn) => canMatchArn(arn, resource));
  // An unknown action, or "*", does not restrict resource types.
  const typed = [...known.values()].filter((actions) => actions.length > 0);
  const isOpen = typed.length < known.size || known.size === 0 || resources.length === 0;
  const unreached = resources
    .filter((resource) => resource !== "*" && !malformed.includes(resource) && !isOpen)
    .filter((resource) => !typed.some((actions) => actions.some((action) => reaches(action, resource))));
  const isAny = resources.includes("*") || resources.length === 0 || malformed.length > 0;
  const idle = (isAny ? [] : typed).filter(
    (actions) => !actions.some((action) => resources.some((resource) => reaches(action, resource))),
  );
  return [
    ...malformed.map((resource) => ({
      place: at,
      problem: `The resource ${shown(resource)} is not an ARN. IAM allows "*" and arn:partition:service:region:account:resource.`,
      rule: resource.startsWith("arn:") ? ARN : RESOURCE,
    })),
    // If no action works on any resource, each action is reported below instead.
    ...(idle.length > 0 && idle.length === typed.length ? [] : unreached).map((resource) => ({
      place: at,
      problem: `No action of the statement, ${[...known.keys()].join(", ")}, works on the resource ${shown(resource)}.`,
      rule: SERVICE_REFERENCE,
      isAccepted: true as const,
    })),
    ...idle.map((actions) => ({
      place: at,
      problem: actionWithoutResource(actions, resources),
      rule: SERVICE_REFERENCE,
      isAccepted: true as const,
    })),
  ];
}

function actionWithoutResource(actions: readonly KnownAction[], resources: readonly string[]): string {
  const names = actions.map(({ name }) => name).join(", ");
  const types = [...new Set(actions.flatMap(({ resourceTypes }) => resourceTypes))].join(", ");
  const allowed = types ? `It works on the resource types ${types}.` : 'It has no resource types and needs "*".';
  return `The action ${names} is allowed on ${resources.map(shown).join(", ")}. ${allowed}`;
}
