import type { Access } from "../iam/evaluate.ts";
import type { Place } from "../terraform/computed.ts";
import { partitionOf } from "../terraform/partition.ts";
import type { Parameters } from "./operations.ts";
import type { SecretStore } from "./secret-store.ts";

/** What an operation needs of the key, where a secret has one of its own. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:GenerateDataKey", "kms:Decrypt"],
};

/** What a request needs: its own action on the secret, and what Secrets Manager does with its key in the caller's name. */
export function accessesOf(
  { operation, parameters }: { readonly operation: string; readonly parameters: Parameters },
  { secretStore, place }: { readonly secretStore: SecretStore; readonly place: Place },
): readonly Access[] {
  const { SecretId, VersionId, VersionStage } = parameters;
  const named = String(SecretId);
  const config = secretStore.find(named)?.config;
  const context = {
    "secretsmanager:secretid": [named],
    ...(VersionId !== undefined && { "secretsmanager:versionid": [String(VersionId)] }),
    ...(VersionStage !== undefined && { "secretsmanager:versionstage": [String(VersionStage)] }),
  };
  const own: Access = { action: `secretsmanager:${operation}`, resource: config?.arn ?? named, context };
  if (config?.kmsKeyArn === undefined) return [own];
  const resource = config.kmsKeyArn;
  const via = { "kms:viaservice": [`secretsmanager.${place.region}.${partitionOf(place.region).dnsSuffix}`] };
  return [own, ...(KEY_ACTIONS[operation] ?? []).map((action) => ({ action, resource, context: via }))];
}
