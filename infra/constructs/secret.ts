import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { Construct } from "constructs";
import { partitionOf } from "../../aws/partition.ts";
import { secretName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";
import { type Statement, statementId } from "./grant.ts";

export interface SecretProps {
  /** Its name in AWS and in Terraform. */
  readonly name: string;
  /** Shown in the AWS console. */
  readonly description: string;
  readonly environment: Environment;
  /** Whether to encrypt the secret with a key of its own, not with the AWS managed key. */
  readonly ownKmsKey: boolean;
}

/** How long a deleted secret can be restored. Until then, its name cannot be used again. */
const RECOVERY_DAYS = 30;

/** The longest period of KMS: data that a deleted key has encrypted is lost. */
const KEY_DELETION_DAYS = 30;

/**
 * Trap: if the Terraform names no key, the provider sends none, and AWS keeps the secret's previous key, which Terraform then
 * deletes. Therefore AWS's own key is named explicitly. https://github.com/hashicorp/terraform-provider-aws/issues/21623
 */
const AWS_MANAGED_KEY = "alias/aws/secretsmanager";

/** A secret without a value: Terraform would store the value in its state, where everybody with access to the state can read it. */
export class Secret extends Construct {
  readonly arn: string;
  readonly #key: KmsKey | undefined;
  readonly #region: string;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    this.#region = props.environment.region;
    this.#key = props.ownKmsKey ? this.#createKey(props) : undefined;
    this.arn = this.#createSecret(props).arn;
  }

  /** To read the secret's versions, add versions, and move their labels. */
  grantRotate(): Statement[] {
    const statement: Statement = {
      Sid: statementId("rotate secret"),
      Effect: "Allow",
      Action: ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
        (action) => `secretsmanager:${action}`,
      ),
      Resource: [this.arn],
    };
    return [statement, ...this.#grantKey()];
  }

  /** Lets a function use the key through Secrets Manager only. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
  #grantKey(): Statement[] {
    if (!this.#key) return [];
    const statement: Statement = {
      Sid: statementId("use key"),
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [this.#key.arn],
      Condition: {
        StringEquals: { "kms:ViaService": [`secretsmanager.${this.#region}.${partitionOf(this.#region).dnsSuffix}`] },
      },
    };
    return [statement];
  }

  #createSecret({ name, description, environment }: SecretProps): SecretsmanagerSecret {
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: secretName(environment, name),
      description,
      recoveryWindowInDays: environment.deletionProtection ? RECOVERY_DAYS : 0,
      kmsKeyId: this.#key?.arn ?? AWS_MANAGED_KEY,
    });
    return withId(secret, name);
  }

  #createKey({ name, description, environment }: SecretProps): KmsKey {
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      // Secrets Manager encrypts the secret again with its next key, and needs this key until then.
      // https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    withId(key, name);
    const alias = new KmsAlias(this, "alias", {
      name: `alias/${secretName(environment, name)}`,
      targetKeyId: key.keyId,
    });
    withId(alias, name);
    return key;
  }
}
