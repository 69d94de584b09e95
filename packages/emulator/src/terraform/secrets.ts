import { type Resources, readEach, resourcesOfType, type Value } from "./configuration.ts";

/** A secret of Secrets Manager. Terraform creates it without a value. */
export interface SecretConfig {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** The customer managed key that encrypts it; undefined for the AWS managed key. */
  readonly kmsKeyArn: string | undefined;
}

/** Throws if the key of a secret is not in the stack. */
export const secretsOf = (resources: Resources): SecretConfig[] =>
  readEach(resourcesOfType(resources, "aws_secretsmanager_secret"), ({ name, arn, description, kms_key_id: key }) => ({
    name: String(name),
    arn: String(arn),
    description: description === undefined ? undefined : String(description),
    kmsKeyArn: isAwsManaged(key) ? undefined : keyArn(resources, { key: String(key), secret: String(name) }),
  }));

/** Functions need no permission for the AWS managed key. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const isAwsManaged = (key: Value | undefined): boolean => key === undefined || key === "alias/aws/secretsmanager";

/** A secret refers to its key by the ARN or by the id. */
function keyArn(resources: Resources, { key, secret }: { readonly key: string; readonly secret: string }): string {
  const own = resourcesOfType(resources, "aws_kms_key").find(({ arn, key_id }) => [arn, key_id].includes(key));
  if (own) return String(own.arn);
  throw new Error(
    `The secret ${secret} has the key ${key}, which is not in the stack. The emulator supports only keys of the stack. Add an aws_kms_key, or use the AWS managed key.`,
  );
}
