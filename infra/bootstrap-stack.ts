import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA as S3BucketEncryption } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA as S3BucketVersioning } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PROJECT } from "./environments.ts";
import { withId } from "./names.ts";
import { ApiGatewayLogs } from "./observability/access-log.ts";
import type { Environment, Settings, StateBucket } from "./settings/settings.ts";
import { aliasedProvider, keepStateInProject, refuseDuplicateIds, useAwsProvider } from "./terraform.ts";

/** How long an earlier version of the state can be restored. */
const OLD_VERSION_DAYS = 90;

export type BootstrapProps = Pick<Settings, "stateBucket" | "environments">;

/** Whether the stack would contain any resource. */
export const needsBootstrap = ({ stateBucket, environments }: BootstrapProps): boolean =>
  stateBucket !== undefined || environments.some(({ accessLog }) => accessLog);

/**
 * The resources that an account has once for all its environments: the state bucket, and API Gateway's permission to write
 * logs. The stack is deployed before the environments, so its own state is a local file.
 */
export class BootstrapStack extends TerraformStack {
  constructor(scope: Construct, { stateBucket, environments }: BootstrapProps) {
    super(scope, `${PROJECT}-bootstrap`);
    refuseDuplicateIds(this);
    const [first] = environments;
    useAwsProvider(this, { region: stateBucket?.region ?? (first as Environment).region, tags: {} });
    keepStateInProject(this);
    if (stateBucket) this.#createStateBucket(stateBucket);
    this.#letApiGatewayLog(environments);
  }

  /**
   * Trap: Terraform cannot delete a resource without its provider. Each region of an environment therefore has a provider,
   * with or without an access log. It is never the default provider, whose region can change.
   */
  #letApiGatewayLog(environments: readonly Environment[]): void {
    const regions = new Set(environments.map(({ region }) => region));
    const providers = new Map([...regions].map((region) => [region, aliasedProvider(this, { region, tags: {} })]));
    const isLogged = (region: string) => environments.some((each) => each.region === region && each.accessLog);
    const logged = new Map([...providers].filter(([region]) => isLogged(region)));
    if (logged.size > 0) new ApiGatewayLogs(this, "api-gateway-logs", { providers: logged });
  }

  #createStateBucket({ name }: StateBucket): void {
    const bucket = this.#createBucket(name);
    const versioning = this.#keepOldVersions(bucket);
    this.#expireOldVersions(bucket, versioning);
    this.#encrypt(bucket);
    const block = this.#blockPublicAccess(bucket);
    this.#takeOwnership(bucket);
    this.#refuseWithoutTls(bucket, block);
  }

  #createBucket(name: string): S3Bucket {
    // Without the state, Terraform does not know the resources that it manages.
    const bucket = new S3Bucket(this, "bucket", { bucket: name, lifecycle: { preventDestroy: true } });
    return withId(bucket, "state");
  }

  #keepOldVersions({ id }: S3Bucket): S3BucketVersioning {
    const versioning = new S3BucketVersioning(this, "versioning", {
      bucket: id,
      versioningConfiguration: { status: "Enabled" },
    });
    return withId(versioning, "state");
  }

  #expireOldVersions({ id }: S3Bucket, versioning: S3BucketVersioning): void {
    const rules = new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: id,
      rule: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays: OLD_VERSION_DAYS }],
          // Each released lock leaves a delete marker.
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
        {
          id: "aborted-uploads",
          status: "Enabled",
          filter: [{}],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    withId(rules, "state");
  }

  #encrypt({ id }: S3Bucket): void {
    const encryption = new S3BucketEncryption(this, "encryption", {
      bucket: id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    withId(encryption, "state");
  }

  #blockPublicAccess({ id }: S3Bucket): S3BucketPublicAccessBlock {
    const block = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    return withId(block, "state");
  }

  /** Disables access control lists: the bucket's account owns all objects. */
  #takeOwnership({ id }: S3Bucket): void {
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    withId(ownership, "state");
  }

  /** Depends on the public access block, because S3 refuses two concurrent changes of a bucket's access. */
  #refuseWithoutTls({ id, arn }: S3Bucket, block: S3BucketPublicAccessBlock): void {
    const statement = {
      Sid: "RefuseWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const policy = new S3BucketPolicy(this, "policy", {
      bucket: id,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      dependsOn: [block],
    });
    withId(policy, "state");
  }
}
