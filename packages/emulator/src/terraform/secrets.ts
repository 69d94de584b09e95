import type { Resources, Value } from "./configuration.ts";
import { all } from "./search.ts";

/** A secret of Secrets Manager. Terraform makes it, and somebody else fills it. */
export interface SecretConfig {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** The key of the stack's own that it is encrypted with; AWS's where there is none. */
  readonly kmsKeyArn: string | undefined;
}

/** Throws, naming it, at a key that is none of the stack's. */
export const secretsOf = (resources: Resources): SecretConfig[] =>
  all(resources, "aws_secretsmanager_secret").map(({ name, arn, description, kms_key_id: key }) => ({
    name: String(name),
    arn: String(arn),
    description: description === undefined ? undefined : String(description),
    kmsKeyArn: isAwsManaged(key) ? undefined : keyArn(resources, { key: String(key), secret: String(name) }),
  }));

/** No function needs a right to use that key. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const isAwsManaged = (key: Value | undefined): boolean => key === undefined || key === "alias/aws/secretsmanager";

/** A secret names its key by the ARN or the id. */
function keyArn(resources: Resources, { key, secret }: { readonly key: string; readonly secret: string }): string {
  const own = all(resources, "aws_kms_key").find(({ arn, key_id }) => [arn, key_id].includes(key));
  if (own) return String(own.arn);
  throw new Error(
    `The secret ${secret} has the key ${key}, which is none of the stack's. The emulator plays no other.`,
  );
}
