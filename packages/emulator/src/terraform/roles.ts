import { list } from "../iam/document.ts";
import { type Policy, parsePolicy } from "../iam/policy.ts";
import type { Role } from "../iam/principal.ts";
import {
  type Attributes,
  blocks,
  type Resources,
  readEach,
  resourcesByAddress,
  resourcesOfType,
  type Value,
} from "./configuration.ts";
import { managedPolicies } from "./managed-policies.ts";

/** Returns the roles of the stack by ARN, each with all its policies. Throws if a policy cannot be evaluated. */
export function rolesOf(resources: Resources): ReadonlyMap<string, Role> {
  requireRolesOfPolicies(resources);
  return new Map(
    readEach(resourcesByAddress(resources, "aws_iam_role"), ([address, role]) => [
      String(role.arn),
      {
        address,
        name: String(role.name),
        policies: [
          ...inlinePolicies(address, role),
          ...rolePolicies(resources, role),
          ...attachedPolicies(resources, address, role),
        ],
      },
    ]),
  );
}

/** A policy of a role outside the stack would otherwise be ignored silently. */
function requireRolesOfPolicies(resources: Resources): void {
  const names = resourcesOfType(resources, "aws_iam_role").map(({ name }) => name);
  const types = ["aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_role_policy_attachments_exclusive"];
  for (const type of types) {
    const roleOf = ({ role, role_name }: Attributes): Value => role ?? role_name ?? null;
    const stray = resourcesByAddress(resources, type).find(([, each]) => !names.includes(roleOf(each)));
    if (stray)
      throw new Error(`${stray[0]} has the role ${roleOf(stray[1])}, which is not in the stack. Add the role.`);
  }
}

const inlinePolicies = (address: string, role: Attributes): Policy[] =>
  blocks(role.inline_policy).map(({ policy }) => read(address, policy));

const rolePolicies = (resources: Resources, role: Attributes): Policy[] =>
  resourcesByAddress(resources, "aws_iam_role_policy")
    .filter(([, each]) => each.role === role.name)
    .map(([address, { policy }]) => read(address, policy));

function attachedPolicies(resources: Resources, address: string, role: Attributes): Policy[] {
  const all = (type: string) => resourcesOfType(resources, type);
  const arns = [
    ...all("aws_iam_role_policy_attachment")
      .filter((each) => each.role === role.name)
      .map(({ policy_arn }) => policy_arn),
    ...all("aws_iam_policy_attachment")
      .filter(({ roles }) => list(roles).includes(role.name))
      .map(({ policy_arn }) => policy_arn),
    ...list(role.managed_policy_arns),
  ];
  const attached = exclusive(resources, role, arns.map(String));
  // A policy can be attached by two of these resources.
  return [...new Set(attached)].map((arn) => policyOf(resources, arn, address));
}

/**
 * Adds the policies of exclusive attachments, which detach all others.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachments_exclusive
 */
function exclusive(resources: Resources, role: Attributes, attached: readonly string[]): string[] {
  const added = resourcesByAddress(resources, "aws_iam_role_policy_attachments_exclusive")
    .filter(([, { role_name }]) => role_name === role.name)
    .flatMap(([address, { policy_arns }]) => {
      const arns = list(policy_arns).map(String);
      const detached = attached.find((arn) => !arns.includes(arn));
      if (detached === undefined) return arns;
      throw new Error(
        `${address} detaches the policy ${detached}, which the stack attaches to the role ${role.name}. Add it to "policy_arns", or remove the attachment.`,
      );
    });
  return [...attached, ...added];
}

/** A policy of the stack, or an AWS managed policy. */
function policyOf(resources: Resources, arn: string, roleAddress: string): Policy {
  const own = resourcesByAddress(resources, "aws_iam_policy").find(([, each]) => each.arn === arn);
  if (own) return read(own[0], own[1].policy);
  const inAws = arn.replace(/^arn:aws-[a-z-]+:/, "arn:aws:");
  const managed = Object.hasOwn(managedPolicies, inAws) && managedPolicies[inAws];
  if (managed) return read(arn, managed as Value);
  const known = Object.keys(managedPolicies).join(", ");
  throw new Error(
    `${roleAddress} has the policy ${arn}, which is not in the stack. Add it to the stack, or use an AWS managed policy that the emulator supports: ${known}.`,
  );
}

function read(address: string, document: Value | undefined): Policy {
  try {
    return { address, statements: parsePolicy(document) };
  } catch (fault) {
    throw new Error(`The policy of ${address} cannot be evaluated. ${(fault as Error).message}`, { cause: fault });
  }
}
