import { isObject, list, record } from "../../iam/document.ts";
import { matchesGlob } from "../../iam/patterns.ts";
import { policyViolations } from "../../iam/policy-rules.ts";
import { type Attributes, blocks, type Resources, resourcesByAddress, type Value } from "../configuration.ts";
import { type Finding, shown } from "./constraints.ts";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/** The quota of all inline policies of a role together. White space does not count. */
const INLINE_CHARACTERS_MAX = 10_240;
const MANAGED_CHARACTERS_MAX = 6144;

type Document = readonly [address: string, policy: Value | undefined];

/** Checks the permissions and trust policies of roles against IAM's grammar, the list of actions, and IAM's quotas. */
export async function policyFindings(resources: Resources): Promise<Finding[]> {
  const roles = resourcesByAddress(resources, "aws_iam_role");
  const inline = roles.map(([address, role]) => ({ address, documents: inlinePolicies(resources, [address, role]) }));
  const managed = resourcesByAddress(resources, "aws_iam_policy").map(
    ([address, { policy }]): Document => [address, policy],
  );
  const identity = [...inline.flatMap(({ documents }) => documents), ...managed];
  const trust = roles
    .map(([address, { assume_role_policy }]): Document => [address, assume_role_policy])
    .filter(([, policy]) => statementsOf(policy).length > 0);
  const checked = [
    ...identity.map((document) => documentFindings(document, "identity")),
    ...trust.map((document) => documentFindings(document, "trust")),
  ];
  return [
    ...(await Promise.all(checked)).flat(),
    ...untrustedFunctions(resources),
    ...inline.flatMap(({ address, documents }) =>
      sizeFinding(address, { policies: documents.map(([, policy]) => policy), max: INLINE_CHARACTERS_MAX }),
    ),
    ...managed.flatMap(([address, policy]) =>
      sizeFinding(address, { policies: [policy], max: MANAGED_CHARACTERS_MAX }),
    ),
  ];
}

const inlinePolicies = (resources: Resources, [address, role]: readonly [string, Attributes]): Document[] => [
  ...blocks(role.inline_policy).map(({ policy }): Document => [address, policy]),
  ...resourcesByAddress(resources, "aws_iam_role_policy")
    .filter(([, each]) => each.role === role.name)
    .map(([own, { policy }]): Document => [own, policy]),
];

/** Returns no statements for an invalid policy. A trust policy such as `{}` is accepted, because the emulator does not evaluate it. */
function statementsOf(policy: Value | undefined): readonly unknown[] {
  try {
    return list(record(JSON.parse(String(policy)), "A policy").Statement);
  } catch {
    return [];
  }
}

/** CreateFunction fails with "The role defined for the function cannot be assumed by Lambda". */
function untrustedFunctions(resources: Resources): Finding[] {
  const roles = resourcesByAddress(resources, "aws_iam_role");
  return resourcesByAddress(resources, "aws_lambda_function").flatMap(([address, lambda]) => {
    const [name, role] = roles.find(([, { arn }]) => arn === lambda.role) ?? [];
    const statements = statementsOf(role?.assume_role_policy);
    if (statements.length === 0 || statements.some(trustsLambda)) return [];
    const problem = `Lambda cannot assume its role: the trust policy of ${name} does not allow sts:AssumeRole to lambda.amazonaws.com. Add a statement that does.`;
    return [
      { address, problem, rule: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html" },
    ];
  });
}

function trustsLambda(statement: unknown): boolean {
  if (!isObject(statement)) return false;
  const { Effect, Principal, NotPrincipal, Action, NotAction } = statement;
  if (Effect !== "Allow") return false;
  const services = isObject(Principal) ? list(Principal.Service).map(String) : ["lambda.amazonaws.com"];
  const actions = list(Action).map((action) => String(action).toLowerCase());
  return (
    (NotPrincipal !== undefined || services.some((service) => /^lambda\.amazonaws\.com(\.cn)?$/.test(service))) &&
    (NotAction !== undefined || actions.some((action) => matchesGlob(action, "sts:assumerole")))
  );
}

async function documentFindings([address, policy]: Document, kind: "identity" | "trust"): Promise<Finding[]> {
  if (typeof policy !== "string") {
    const problem = `The policy is ${shown(policy)}. It must be a JSON string.`;
    return [{ address, problem, rule: QUOTAS }];
  }
  const violations = await policyViolations(policy, kind);
  return violations.map(({ place, problem, rule, isAccepted = false }) => ({
    address,
    problem: `${kind === "trust" ? "assume_role_policy: " : ""}${place}: ${problem}`,
    rule,
    isWarning: isAccepted,
  }));
}

function sizeFinding(
  address: string,
  { policies, max }: { readonly policies: readonly (Value | undefined)[]; readonly max: number },
): Finding[] {
  const size = policies.join("").replaceAll(/\s/g, "").length;
  if (size <= max) return [];
  const problem = `Its policies together have ${size} characters without white space. IAM allows at most ${max}.`;
  return [{ address, problem, rule: QUOTAS }];
}
