import { Testing } from "cdktf";
import { expect } from "chai";
import { BootstrapStack } from "../../infra/bootstrap-stack.ts";
import { PROJECT } from "../../infra/environments.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const BUCKET = { name: "chat-state-123456789012", region: "eu-west-2" };

describe("infra/bootstrap-stack", () => {
  let synthesized: { resource: Record<string, { state: Record<string, unknown> }> };
  before(() => {
    const app = Testing.app({ outdir: temporaryDirectory() });
    synthesized = JSON.parse(Testing.synth(new BootstrapStack(app, BUCKET), true));
  });
  const state = (type: string) => expect(synthesized.resource[`aws_s3_bucket${type}`]?.state);

  it("has one bucket, which Terraform does not destroy", () => {
    state("").to.deep.include({ bucket: BUCKET.name, lifecycle: { prevent_destroy: true } });
  });

  it("keeps old versions of a state for 90 days, and no rest of what was deleted or never uploaded", () => {
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

  it("belongs to the account alone, with all public access blocked", () => {
    state("_ownership_controls").to.deep.include({ rule: { object_ownership: "BucketOwnerEnforced" } });
    state("_public_access_block").to.include({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("refuses everybody who comes without TLS", () => {
    const { Statement } = JSON.parse(String(synthesized.resource.aws_s3_bucket_policy?.state.policy));
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

  it("keeps its own state beside the project", () => {
    const path = `../../../terraform.${PROJECT}-bootstrap.tfstate`;
    expect(synthesized).to.have.nested.property("terraform.backend.local.path", path);
  });
});
