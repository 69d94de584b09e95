import type { Access } from "../iam/evaluate.ts";
import { type Place, partitionOf } from "../terraform/computed.ts";
import type { Parameters } from "./operations.ts";
import type { SecretStore } from "./secret-store.ts";

/** The permissions that an operation needs for the customer managed key of a secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:GenerateDataKey", "kms:Decrypt"],
};

/** Returns the permissions that a request needs: its action on the secret, and the actions that Secrets Manager performs on the key. */
export function accessesOf(
  { operation, parameters }: { readonly operation: string; readonly parameters: Parameters },
  { secretStore, place }: { readonly secretStore: SecretStore; readonly place: Place },
): readonly Access[] {
  const { SecretId, VersionId, VersionStage } = parameters;
  const secretId = String(SecretId);
  const config = secretStore.find(secretId)?.config;
  const context = {
    "secretsmanager:secretid": [secretId],
    ...(VersionId !== undefined && { "secretsmanager:versionid": [String(VersionId)] }),
    ...(VersionStage !== undefined && { "secretsmanager:versionstage": [String(VersionStage)] }),
  };
  const own: Access = { action: `secretsmanager:${operation}`, resource: config?.arn ?? secretId, context };
  if (config?.kmsKeyArn === undefined) return [own];
  const resource = config.kmsKeyArn;
  const via = { "kms:viaservice": [`secretsmanager.${place.region}.${partitionOf(place.region).dnsSuffix}`] };
  return [own, ...(KEY_ACTIONS[operation] ?? []).map((action) => ({ action, resource, context: via }))];
}
