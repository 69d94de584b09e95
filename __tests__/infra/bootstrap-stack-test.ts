import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { Testing } from "cdktf";
import { expect } from "chai";
import { type BootstrapProps, BootstrapStack, needsBootstrap } from "../../infra/bootstrap-stack.ts";
import { PROJECT } from "../../infra/environments.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { environment } from "../support/synthesized.ts";

const BUCKET = { name: "chat-state-123456789012", region: "eu-west-2" };

interface Synthesized {
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

function bootstrap(props: BootstrapProps): Synthesized {
  const app = Testing.app({ outdir: temporaryDirectory() });
  return JSON.parse(Testing.synth(new BootstrapStack(app, props), true));
}

const anEnvironment = (own: Partial<Environment>): Environment => ({ ...environment, ...own });

describe("infra/bootstrap-stack, with a state bucket", () => {
  let synthesized: Synthesized;
  before(() => {
    synthesized = bootstrap({ stateBucket: BUCKET, environments: [anEnvironment({})] });
  });
  const state = (type: string) => expect(synthesized.resource[`aws_s3_bucket${type}`]?.state);

  it("has one bucket, which Terraform does not destroy", () => {
    state("").to.deep.include({ bucket: BUCKET.name, lifecycle: { prevent_destroy: true } });
  });

  it("keeps old versions of a state for 90 days, and cleans up delete markers and aborted uploads", () => {
    state("_versioning").to.deep.include({ versioning_configuration: { status: "Enabled" } });
    state("_lifecycle_configuration").to.have.deep.property("rule", [
      {
        id: "old-versions",
        status: "Enabled",
        filter: [{}],
        noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        expiration: [{ expired_object_delete_marker: true }],
      },
      {
        id: "aborted-uploads",
        status: "Enabled",
        filter: [{}],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it("is encrypted", () => {
    state("_server_side_encryption_configuration").to.deep.include({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  it("is owned by the account, and blocks all public access", () => {
    state("_ownership_controls").to.deep.include({ rule: { object_ownership: "BucketOwnerEnforced" } });
    state("_public_access_block").to.include({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("denies requests without TLS", () => {
    const { Statement } = JSON.parse(String(synthesized.resource.aws_s3_bucket_policy?.state?.policy));
    expect(Statement).to.deep.equal([
      {
        Sid: "RefuseWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["${aws_s3_bucket.state.arn}", "${aws_s3_bucket.state.arn}/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("keeps its own state in the project folder", () => {
    const path = `../../../terraform.${PROJECT}-bootstrap.tfstate`;
    expect(synthesized).to.have.nested.property("terraform.backend.local.path", path);
  });

  it("has no log role if no environment has an access log", () => {
    expect(Object.keys(synthesized.resource)).not.to.include("aws_api_gateway_account");
  });
});

describe("infra/bootstrap-stack, with access logs", () => {
  const stateBucket = undefined;

  it("exists only for a state bucket or an access log", () => {
    expect(needsBootstrap({ stateBucket, environments: [anEnvironment({})] })).to.equal(false);
    expect(needsBootstrap({ stateBucket, environments: [anEnvironment({ accessLog: false })] })).to.equal(false);
    expect(needsBootstrap({ stateBucket: BUCKET, environments: [anEnvironment({})] })).to.equal(true);
    expect(needsBootstrap({ stateBucket, environments: [anEnvironment({ accessLog: true })] })).to.equal(true);
  });

  it("has one role, and sets it in each region with an access log once its policy is attached", () => {
    const { resource } = bootstrap({
      stateBucket,
      environments: [
        anEnvironment({ region: "eu-west-2", accessLog: true }),
        anEnvironment({ region: "eu-west-2", accessLog: true }),
        anEnvironment({ region: "us-east-1", accessLog: true }),
        anEnvironment({ region: "eu-west-1" }),
      ],
    });
    expect(Object.keys(resource)).to.not.include("aws_s3_bucket");
    expect(Object.keys(resource.aws_iam_role ?? {})).to.deep.equal(["api-gateway-logs"]);
    expect(resource.aws_iam_role_policy_attachment?.["api-gateway-logs"]).to.include({
      policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    });
    const account = (region: string) => ({
      cloudwatch_role_arn: "${aws_iam_role.api-gateway-logs.arn}",
      depends_on: ["aws_iam_role_policy_attachment.api-gateway-logs"],
      provider: `aws.${region}`,
    });
    expect(resource.aws_api_gateway_account).to.deep.equal({
      "eu-west-2": account("eu-west-2"),
      "us-east-1": account("us-east-1"),
    });
  });

  it("has a provider for each region of an environment, so that Terraform can delete resources there", () => {
    const environments = [anEnvironment({ accessLog: true }), anEnvironment({ region: "us-east-1" })];
    const { provider } = bootstrap({ stateBucket, environments });
    expect(provider.aws.map(({ alias, region }) => [alias, region])).to.deep.equal([
      [undefined, environment.region],
      [environment.region, environment.region],
      ["us-east-1", "us-east-1"],
    ]);
  });

  it("has the policy of its partition, and refuses regions of two partitions", () => {
    const china = anEnvironment({ region: "cn-north-1", accessLog: true });
    const { resource } = bootstrap({ stateBucket, environments: [china] });
    expect(resource.aws_iam_role_policy_attachment?.["api-gateway-logs"]?.policy_arn).to.match(/^arn:aws-cn:iam::aws:/);
    expect(() => bootstrap({ stateBucket, environments: [china, anEnvironment({ accessLog: true })] })).to.throw(
      `Environments with accessLog are in cn-north-1 and ${environment.region}, which are in different AWS partitions`,
    );
  });
});
