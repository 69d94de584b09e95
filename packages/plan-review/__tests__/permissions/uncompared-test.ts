import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { hiddenPhrases } from "../../src/permissions/permission-phrases.ts";
import withoutAccess from "../../src/permissions/types-without-access.json" with { type: "json" };
import { sectionsOf } from "../../src/sections.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

const created = (after: object): Planned => ({ before: null, after: { ...after } });
const reported = (resources: Readonly<Record<string, Planned>>): string[] =>
  hiddenPhrases(aReview(resources).permissions).map(textOf);

const section = (resources: Readonly<Record<string, Planned>>, title: string) =>
  sectionsOf(aReview(resources))
    .find((one) => one.title === title)
    ?.sentences.map(textOf);

const READ = "Read its change in `terraform plan`.";
const noRule = (address: string, does: string) =>
  `\`${address}\` (${does}) is not compared: \`${address.split(".")[0]}\` can grant access, and this review has no rule for it. ${READ}`;

describe("permissions/uncompared", () => {
  for (const type of [
    "aws_ami_launch_permission",
    "aws_cloudformation_stack",
    "aws_cloudwatch_event_permission",
    "aws_cognito_identity_pool",
    "aws_cognito_user_pool_client",
    "aws_eks_access_entry",
    "aws_iam_access_key",
    "aws_iam_openid_connect_provider",
    "aws_kms_grant",
    "aws_lakeformation_permissions",
    "aws_lambda_event_source_mapping",
    "aws_lambda_layer_version_permission",
    "aws_organizations_policy_attachment",
    "aws_ram_principal_association",
    "aws_ram_resource_share",
    "aws_s3_access_point",
    "aws_s3_bucket_acl",
    "aws_s3_bucket_public_access_block",
    "aws_security_group",
    "aws_snapshot_create_volume_permission",
    "aws_sns_topic_subscription",
    "aws_ssoadmin_account_assignment",
    "aws_verifiedpermissions_policy",
    "aws_vpc_endpoint_service_allowed_principal",
    "aws_vpc_security_group_ingress_rule",
  ]) {
    it(`reports ${type}, whether created, changed or deleted`, () => {
      const address = `${type}.x`;
      expect(reported({ [address]: created({ some: "a" }) })).to.deep.equal([noRule(address, "create")]);
      expect(reported({ [address]: { before: { some: "a" }, after: { some: "b" } } })).to.deep.equal([
        noRule(address, "update"),
      ]);
      expect(reported({ [address]: { before: { some: "a" }, after: null } })).to.deep.equal([
        noRule(address, "delete"),
      ]);
    });
  }

  it("reports a type of a later provider, and a type of any other provider", () => {
    expect(reported({ "aws_quantum_thing.x": created({ some: "a" }) })).to.deep.equal([
      noRule("aws_quantum_thing.x", "create"),
    ]);
    expect(reported({ "google_project_iam_member.x": created({ role: "owner" }) })).to.deep.equal([
      `\`google_project_iam_member.x\` (create) is not compared: this review has no rules for the provider of \`google_project_iam_member\`. ${READ}`,
    ]);
    expect(reported({ "random_id.x": created({ keepers: "a" }) })).to.deep.equal([]);
  });

  it("reports attributes that give others access to a resource, even if its type is otherwise harmless", () => {
    const only = (...names: string[]) =>
      `${names.map((name) => `\`${name}\``).join(" and ")} can grant access, and this review has no rule for ${names.length > 1 ? "them" : "it"}. ${READ}`;
    expect(reported({ "aws_db_instance.x": created({ publicly_accessible: true, engine: "postgres" }) })).to.deep.equal(
      [`\`aws_db_instance.x\` (create) is not compared: ${only("publicly_accessible")}`],
    );
    const shares = { before: { acl: "private", grant: [] }, after: { acl: "public-read", grant: [{ uri: "all" }] } };
    expect(reported({ "aws_s3_bucket.x": shares })).to.deep.equal([
      `\`aws_s3_bucket.x\` (update) is not compared: ${only("acl", "grant.uri")}`,
    ]);
    expect(reported({ "aws_db_instance.x": created({ publicly_accessible: false }) })).to.deep.equal([]);
    expect(reported({ "aws_db_instance.x": { before: { publicly_accessible: true }, after: null } })).to.deep.equal([]);
  });

  it("reports references to accounts other than the plan's own", () => {
    const own = { before: { arn: "arn:aws:sqs:eu-west-2:123456789012:mine", name: "mine" } };
    const target = (arn: string) => created({ rule: "daily", arn });
    const theirs = "arn:aws:sqs:eu-west-2:999999999999:theirs";
    expect(reported({ "aws_sqs_queue.mine": own, "aws_cloudwatch_event_target.x": target(theirs) })).to.deep.equal([
      `\`aws_cloudwatch_event_target.x\` (create) is not compared: it refers to another account, \`999999999999\`. ${READ}`,
    ]);
    expect(
      reported({ "aws_sqs_queue.mine": own, "aws_cloudwatch_event_target.x": target(own.before.arn) }),
    ).to.deep.equal([]);
  });

  it("does not report tags, unchanged resources, or resources that Terraform forgets", () => {
    const tagged = { before: { tags: { a: "1" }, some: "a" }, after: { tags: { a: "2" }, some: "a" } };
    expect(reported({ "aws_security_group.x": tagged })).to.deep.equal([]);
    expect(reported({ "aws_security_group.x": { before: { some: "a" } } })).to.deep.equal([]);
    expect(reported({ "aws_security_group.x": { before: { some: "a" }, importing: { id: "x" } } })).to.deep.equal([]);
    expect(
      reported({ "aws_security_group.x": { before: { some: "a" }, after: null, actions: ["forget"] } }),
    ).to.deep.equal([]);
  });

  it("does not report the resources of a chat, because their access has rules", () => {
    const resources = Object.fromEntries(
      [
        "aws_apigatewayv2_stage",
        "aws_dynamodb_table",
        "aws_cloudwatch_metric_alarm",
        "aws_scheduler_schedule_group",
        "aws_iam_user",
      ].map((type) => [`${type}.x`, created({ name: "chat" })]),
    );
    expect(reported(resources)).to.deep.equal([]);
    expect(section(resources, "Permissions not compared")).to.equal(undefined);
    expect(section(resources, "Permissions gained")).to.deep.equal(["None."]);
  });

  it("prevents a review from claiming that no permission is gained", () => {
    const resources = { "aws_ram_resource_share.x": created({ name: "all" }) };
    expect(section(resources, "Permissions gained")).to.deep.equal([
      "None among the permissions that were compared. See also: Permissions not compared.",
    ]);
    expect(section(resources, "Permissions not compared")).to.deep.equal([
      noRule("aws_ram_resource_share.x", "create"),
    ]);
  });

  it("lists only types that the provider has", () => {
    const provider = dirname(fileURLToPath(import.meta.resolve("@cdktf/provider-aws/lib/iam-role")));
    const known = new Set(readdirSync(join(provider, "..")).map((type) => `aws_${type.replaceAll("-", "_")}`));
    const listed = Object.entries(withoutAccess).flatMap(([service, types]) =>
      types.split(" ").map((type) => (type === "." ? `aws_${service}` : `aws_${service}_${type}`)),
    );
    expect(listed.filter((type) => !known.has(type))).to.deep.equal([]);
    expect(
      listed.filter((type) =>
        /_(permissions?|grant|acl)$|^aws_(iam|ram|ssoadmin|lakeformation)_(?!account_alias)/.test(type),
      ),
    ).to.deep.equal([]);
  });
});
