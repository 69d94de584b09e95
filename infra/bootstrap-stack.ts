import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketVersioningA as S3BucketVersioning } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { PrivateBucket } from "./constructs/private-bucket.ts";
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
    const state = new PrivateBucket(this, "state", {
      terraformId: "state",
      // Without the state, Terraform does not know the resources that it manages.
      bucket: { bucket: name, lifecycle: { preventDestroy: true } },
    });
    this.#expireOldVersions(state.bucket, this.#keepOldVersions(state.bucket));
    state.setPolicy();
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
}
