import type { PolicyKind } from "../iam/policy-rules.ts";
import { partitionOf } from "./computed.ts";
import { block, type Configuration, type Resources, StackError } from "./configuration.ts";
import { readJsonModule } from "./language/files.ts";
import type { ComputeAttribute, Instance } from "./language/instance.ts";
import { plain } from "./language/values.ts";
import { ACCOUNT_ID } from "./load-stack.ts";
import { isNotPlayed, isNotPlayedAttribute } from "./not-played.ts";
import { instancesIn, moduleIn } from "./program.ts";
import { resolveInstances } from "./resolve.ts";
import { isSupported } from "./supported.ts";

/** A policy document of a stack, with its references resolved. */
export interface PolicyDocument {
  readonly address: string;
  readonly kind: PolicyKind;
  readonly document: string;
}

export interface ResolvedStack {
  /** The stack as synthesized, with references. */
  readonly configuration: Configuration;
  /** The resources that the emulator plays, with resolved references. */
  readonly resources: Resources;
  /** The policies of all resources, played or not. */
  readonly documents: readonly PolicyDocument[];
}

/** ARNs of resources that the emulator does not play, by type. The id of the resource is used as its name. */
const ARNS: Readonly<Record<string, (id: string, region: string) => string>> = {
  aws_sns_topic: (id, region) => `arn:${partitionOf(region).name}:sns:${region}:${ACCOUNT_ID}:${id}`,
  aws_s3_bucket: (id, region) => `arn:${partitionOf(region).name}:s3:::${id}`,
  aws_cloudwatch_metric_alarm: (id, region) =>
    `arn:${partitionOf(region).name}:cloudwatch:${region}:${ACCOUNT_ID}:alarm:${id}`,
};

/** The attributes that hold policies, and their kinds. Any other policy is a resource policy. */
const KINDS: Readonly<Record<string, PolicyKind>> = {
  "aws_iam_role.assume_role_policy": "trust",
  "aws_iam_role_policy.policy": "identity",
  "aws_iam_policy.policy": "identity",
};

const POLICY_ATTRIBUTES = ["policy", "assume_role_policy", "resource_policy", "policy_document"];

/**
 * Reads a synthesized stack in JSON syntax with all its policies. References to resources that are not played get plausible
 * values. Throws if the stack has no region, or if an expression cannot be resolved.
 */
export function resolvedStack(folder: string): ResolvedStack {
  const files = readJsonModule(folder);
  const provider = block(block(files.provider).aws);
  const configuration: Configuration = {
    region: String(provider.region),
    resource: files.resource,
    data: files.data,
    defaultTags: block(block(provider.default_tags).tags),
  };
  const { region } = configuration;
  const module = moduleIn({ files, calls: {} }, { folder, region, accountId: ACCOUNT_ID, fallback: plausible(region) });
  const reasons: string[] = [];
  const instances = instancesIn([module], reasons).resources;
  const played = instances.filter(({ type }) => !isNotPlayed(type) && isSupported(type));
  const { resources, faults } = resolveInstances(played, { isOptional: () => false, isOmitted: isNotPlayedAttribute });
  reasons.push(...faults.map(({ reason }) => reason));
  if (reasons.length > 0) throw new StackError(reasons);
  return { configuration, resources, documents: instances.flatMap(policiesOf) };
}

const policiesOf = (instance: Instance): PolicyDocument[] =>
  instance.declaredNames
    .filter((name) => POLICY_ATTRIBUTES.includes(name))
    .map((name) => ({
      address: instance.label,
      kind: KINDS[`${instance.type}.${name}`] ?? "resource",
      document: String(plain(instance.get(name))),
    }));

const plausible =
  (region: string): ComputeAttribute =>
  ({ type, id, isData }, attribute) => {
    if (attribute === "account_id") return ACCOUNT_ID;
    return attribute === "arn" && !isData ? ARNS[type]?.(id, region) : id;
  };
