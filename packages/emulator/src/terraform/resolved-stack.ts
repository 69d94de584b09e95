import type { PolicyKind } from "../iam/policy-rules.ts";
import { partitionOf } from "./computed.ts";
import { type Configuration, type Resources, readConfiguration } from "./configuration.ts";
import { resolveReferences } from "./references.ts";
import { separatePlayed, unsupportedIn } from "./supported.ts";

const ACCOUNT = "000000000000";

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
  aws_sns_topic: (id, region) => `arn:${partitionOf(region).name}:sns:${region}:${ACCOUNT}:${id}`,
  aws_s3_bucket: (id, region) => `arn:${partitionOf(region).name}:s3:::${id}`,
  aws_cloudwatch_metric_alarm: (id, region) =>
    `arn:${partitionOf(region).name}:cloudwatch:${region}:${ACCOUNT}:alarm:${id}`,
};

/** The attributes that hold policies, and their kinds. Any other policy is a resource policy. */
const KINDS: Readonly<Record<string, PolicyKind>> = {
  "aws_iam_role.assume_role_policy": "trust",
  "aws_iam_role_policy.policy": "identity",
  "aws_iam_policy.policy": "identity",
};

const POLICY_ATTRIBUTES = ["policy", "assume_role_policy", "resource_policy", "policy_document"];

/** Reads a synthesized stack with all its policies. References to resources that are not played get plausible values. */
export function resolvedStack(folder: string): ResolvedStack {
  const configuration = readConfiguration(folder);
  const { region } = configuration;
  const { played } = separatePlayed(configuration);
  const types = Object.keys(played.resource).filter((type) => !isUnplayed(type));
  const playedResources = Object.fromEntries(types.map((type) => [type, played.resource[type] ?? {}]));
  const found = policiesIn(configuration.resource);
  const documents = Object.fromEntries(found.map(({ document }, index) => [index, { document }]));
  const all = replaceUnplayedReferences({ ...playedResources, documents }, { types, region });
  const { documents: resolved = {}, ...resources } = resolveReferences(
    { resource: all },
    { region, accountId: ACCOUNT },
  );
  return {
    configuration,
    resources,
    documents: found.map((each, index) => ({ ...each, document: String(resolved[index]?.document) })),
  };
}

const isUnplayed = (type: string): boolean => unsupportedIn({ resource: { [type]: { one: {} } }, data: {} }).length > 0;

const policiesIn = (resources: Resources): PolicyDocument[] =>
  Object.entries(resources).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, attributes]) =>
      Object.entries(attributes)
        .filter(([name]) => POLICY_ATTRIBUTES.includes(name))
        .map(([name, document]) => ({
          address: `${type}.${id}`,
          kind: KINDS[`${type}.${name}`] ?? "resource",
          document: String(document),
        })),
    ),
  );

const REFERENCE = /^\$\{(data\.)?(\w+)\.([\w-]+)\.([\w.[\]]+)\}$/;

function replaceUnplayedReferences(
  resources: Resources,
  { types, region }: { readonly types: readonly string[]; readonly region: string },
): Resources {
  const text = JSON.stringify(resources).replaceAll(/(?<!\$)\$\{[\w.[\]-]+\}/g, (reference) => {
    const [, data, type = "", id = "", attribute] = REFERENCE.exec(reference) ?? [];
    if (!data && types.includes(type)) return reference;
    if (attribute === "account_id") return ACCOUNT;
    return attribute === "arn" ? (ARNS[type]?.(id, region) ?? reference) : id;
  });
  return JSON.parse(text);
}
