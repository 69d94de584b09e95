import { policyViolations } from "../../iam/policy-rules.ts";
import { type Attributes, blocks, type Resources, type Value } from "../configuration.ts";
import { addressed } from "../search.ts";
import { type Finding, shown } from "./constraints.ts";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/** Of all inline policies of a role together. White space does not count. */
const INLINE_CHARACTERS_MAX = 10_240;
const MANAGED_CHARACTERS_MAX = 6144;

type Document = readonly [address: string, policy: Value | undefined];

/** Checks the policies of the stack's roles against IAM's grammar, AWS's list of actions, and IAM's quotas. */
export async function policyFindings(resources: Resources): Promise<Finding[]> {
  const roles = addressed(resources, "aws_iam_role");
  const inline = roles.map(([address, role]) => ({ address, documents: inlinePolicies(resources, [address, role]) }));
  const managed = addressed(resources, "aws_iam_policy").map(([address, { policy }]): Document => [address, policy]);
  const checked = [...inline.flatMap(({ documents }) => documents), ...managed].map(documentFindings);
  return [
    ...(await Promise.all(checked)).flat(),
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
  ...addressed(resources, "aws_iam_role_policy")
    .filter(([, each]) => each.role === role.name)
    .map(([own, { policy }]): Document => [own, policy]),
];

async function documentFindings([address, policy]: Document): Promise<Finding[]> {
  if (typeof policy !== "string") {
    const problem = `The policy is ${shown(policy)}. It must be a JSON string.`;
    return [{ address, problem, rule: QUOTAS }];
  }
  const violations = await policyViolations(policy, "identity");
  return violations.map(({ place, problem, rule, isAccepted = false }) => ({
    address,
    problem: `${place}: ${problem}`,
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
  const problem = `Its policies together have ${size} characters without white space. IAM allows ${max}.`;
  return [{ address, problem, rule: QUOTAS }];
}
