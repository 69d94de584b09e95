import type { Parameters, Problem } from "../aws-models/call.ts";
import type { ControlPlane, OrderRules } from "./control-plane.ts";

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const KEY_STATES = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html";

/** AWS's own keys are always enabled. */
async function isUsable(aws: ControlPlane, key: unknown): Promise<boolean> {
  if (key === undefined || key === "" || String(key).includes("alias/aws/")) return true;
  const { KeyMetadata } = await aws.json("kms", "TrentService.DescribeKey", { KeyId: key });
  return (KeyMetadata as Parameters | undefined)?.KeyState === "Enabled";
}

const refusal = (verb: "encrypt" | "decrypt", key: unknown): Problem => ({
  member: "KmsKeyId",
  problem:
    `: Secrets Manager can't ${verb} the protected secret text using the provided KMS key. Check that the KMS key is ` +
    `available, enabled, and not in an invalid state. (${key})`,
  rule: KEY_STATES,
  code: verb === "encrypt" ? "EncryptionFailure" : "DecryptionFailure",
});

const describe = (aws: ControlPlane, SecretId: unknown): Promise<Parameters> =>
  aws.json("secretsmanager", "secretsmanager.DescribeSecret", { SecretId });

/** Keys of secrets that are scheduled for deletion or do not exist. moto ignores their state. */
export const SECRET_KEYS: OrderRules = {
  async "secretsmanager.CreateSecret"({ parameters: { KmsKeyId } }, aws) {
    return (await isUsable(aws, KmsKeyId)) ? [] : [refusal("encrypt", KmsKeyId)];
  },
  async "secretsmanager.PutSecretValue"({ parameters: { SecretId } }, aws) {
    const { KmsKeyId } = await describe(aws, SecretId);
    return (await isUsable(aws, KmsKeyId)) ? [] : [refusal("encrypt", KmsKeyId)];
  },
  /** For a new key, Secrets Manager decrypts the versions with the previous key and encrypts them again. */
  async "secretsmanager.UpdateSecret"({ parameters: { SecretId, KmsKeyId } }, aws) {
    const { KmsKeyId: before, VersionIdsToStages = {} } = await describe(aws, SecretId);
    if (KmsKeyId === undefined || KmsKeyId === before) return [];
    if (!(await isUsable(aws, KmsKeyId))) return [refusal("encrypt", KmsKeyId)];
    const hasValue = Object.keys(VersionIdsToStages as object).length > 0;
    return !hasValue || (await isUsable(aws, before)) ? [] : [refusal("decrypt", before)];
  },
};
