import { partitionOf } from "../computed.ts";
import { toText, Unresolvable } from "../language/values.ts";
import { managedPolicies } from "../managed-policies.ts";
import { archiveAttributes } from "./archive-file.ts";
import type { ComputeData } from "./compute-data.ts";
import { policyDocument } from "./policy-document.ts";

const regionName: ComputeData = (_, { region }) => region;
const accountId: ComputeData = (_, context) => context.accountId;
const partition: ComputeData = (_, { region }) => partitionOf(region).name;

/** A policy of AWS, by its ARN or its name. */
const managedArn: ComputeData = (source, { region }) => {
  const name = toText(source.find("name") ?? null);
  const suffix =
    Object.keys(managedPolicies).find((arn) => arn.endsWith(`/${name}`)) ?? `arn:aws:iam::aws:policy/${name}`;
  return suffix.replace(/^arn:aws:/, `arn:${partitionOf(region).name}:`);
};

const managedDocument: ComputeData = (source) => {
  const arn = toText(source.get("arn")).replace(/^arn:aws-[a-z-]+:/, "arn:aws:");
  const document = Object.hasOwn(managedPolicies, arn) ? managedPolicies[arn] : undefined;
  if (document) return JSON.stringify(document);
  throw new Unresolvable(`The emulator does not know the policy ${arn}.`);
};

/** The attributes that Terraform reads from AWS, by type of the data source. */
export const dataSources: Readonly<Record<string, Readonly<Record<string, ComputeData>>>> = {
  archive_file: archiveAttributes,
  aws_caller_identity: {
    account_id: accountId,
    arn: (_, context) => `arn:${partitionOf(context.region).name}:iam::${context.accountId}:user/local`,
    id: accountId,
    user_id: () => "AIDALOCAL",
  },
  aws_iam_policy: {
    arn: managedArn,
    id: managedArn,
    name: (source) => toText(source.get("arn")).replace(/^.*\//, ""),
    policy: managedDocument,
  },
  aws_iam_policy_document: {
    id: () => "0",
    json: (source) => JSON.stringify(policyDocument(source), undefined, 2),
    minified_json: (source) => JSON.stringify(policyDocument(source)),
  },
  aws_partition: {
    dns_suffix: (_, { region }) => partitionOf(region).dnsSuffix,
    id: partition,
    partition,
    reverse_dns_prefix: (_, { region }) => partitionOf(region).dnsSuffix.split(".").reverse().join("."),
  },
  aws_region: { id: regionName, name: regionName, region: regionName },
};
