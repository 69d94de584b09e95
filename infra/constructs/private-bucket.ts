import { S3Bucket, type S3BucketConfig } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA as S3BucketEncryption } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { Construct } from "constructs";
import { withId } from "../names.ts";

export interface PrivateBucketProps {
  /** The Terraform id of the bucket and of all its settings. */
  readonly terraformId: string;
  readonly bucket: S3BucketConfig;
}

/** An encrypted bucket without public access and without access control lists. Call `setPolicy` once. */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly #block: S3BucketPublicAccessBlock;
  readonly #terraformId: string;

  constructor(scope: Construct, id: string, { terraformId, bucket: config }: PrivateBucketProps) {
    super(scope, id);
    this.#terraformId = terraformId;
    this.bucket = withId(new S3Bucket(this, "bucket", config), terraformId);
    const bucket = this.bucket.id;
    const encryption = new S3BucketEncryption(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    withId(encryption, terraformId);
    // Disables access control lists: the bucket's account owns all objects.
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    withId(ownership, terraformId);
    this.#block = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    withId(this.#block, terraformId);
  }

  /**
   * Requires TLS, besides the given statements. Depends on the public access block, because S3 refuses two concurrent changes
   * of a bucket's access.
   */
  setPolicy(...statements: readonly object[]): void {
    const { id: bucket, arn } = this.bucket;
    const requireTls = {
      Sid: "RefuseWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [...statements, requireTls] }),
      dependsOn: [this.#block],
    });
    withId(policy, this.#terraformId);
  }
}
