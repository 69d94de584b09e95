import { expect } from "chai";
import { riskPhrase } from "../src/change-phrases.ts";
import { losesData } from "../src/review.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

function reported(address: string, change: Planned) {
  const review = aReview({ [address]: change });
  return { risks: review.risks.map(riskPhrase).map(textOf), isGuarded: losesData(review) };
}

const table = (own: object) => ({ name: "chat-dev-table", ...own });
const group = (days: number) => ({ name: "/aws/lambda/chat-dev-join", retention_in_days: days });

const HELD: Readonly<Record<string, string>> = {
  aws_dsql_cluster: "data",
  aws_keyspaces_table: "rows",
  aws_memorydb_cluster: "data",
  aws_s3_directory_bucket: "objects",
};

describe("risks", () => {
  for (const [address, holds, what] of [
    ["aws_dynamodb_table.table", { name: "a" }, "Table `a`"],
    ["aws_cloudwatch_log_group.join", { name: "a" }, "Log group `a`"],
    ["aws_secretsmanager_secret.token", { name: "a" }, "Secret `a`"],
    ["aws_s3_bucket.state", { bucket: "a" }, "Bucket `a`"],
    ["aws_cognito_user_pool.users", { name: "a" }, "User pool `a`"],
    ["aws_sqs_queue.failed", { name: "a" }, "Queue `a`"],
  ] as const) {
    it(`warns that ${address} is deleted`, () => {
      const { risks, isGuarded } = reported(address, { before: holds, after: null });
      expect(risks).to.have.length(1);
      expect(risks[0])
        .to.match(/will be lost\.\*$/)
        .and.include(`*${what} (\`${address}\`) is destroyed`);
      expect(isGuarded).to.equal(true);
    });
  }

  for (const [type, held] of Object.entries(HELD)) {
    it(`guards against the deletion of ${type}`, () => {
      const { risks, isGuarded } = reported(`${type}.a`, { before: { name: "a" }, after: null });
      expect(risks).to.deep.equal([`*\`${type}.a\` is destroyed: all its ${held} will be lost.*`]);
      expect(isGuarded).to.equal(true);
    });
  }

  it("warns of a removed replica, and not of an added one", () => {
    const replicas = (...names: string[]) => table({ replica: names.map((region_name) => ({ region_name })) });
    const { risks, isGuarded } = reported("aws_dynamodb_table.table", {
      before: replicas("eu-west-1", "us-east-1"),
      after: replicas("us-east-1"),
    });
    expect(risks).to.have.length(1);
    expect(risks[0]).to.include("its replica in `eu-west-1` will be deleted");
    expect(isGuarded).to.equal(true);
    const more = { before: replicas("eu-west-1"), after: replicas("eu-west-1", "us-east-1") };
    expect(reported("aws_dynamodb_table.table", more)).to.deep.equal({ risks: [], isGuarded: false });
  });

  it("warns of replicas that are known after apply", () => {
    const unknown = {
      ...{ before: table({ replica: [{ region_name: "eu-west-1" }] }), after: table({}) },
      ...{ after_unknown: { replica: true }, written: { replica: { references: ["var.regions"] } } },
    };
    expect(reported("aws_dynamodb_table.table", unknown).isGuarded).to.equal(true);
  });

  it("names the attribute that forces a replacement", () => {
    const replaced = {
      before: table({}),
      after: table({}),
      actions: ["delete", "create"],
      replace_paths: [["range_key"]],
    };
    expect(reported("aws_dynamodb_table.table", replaced).risks).to.deep.equal([
      "*Table `chat-dev-table` (`aws_dynamodb_table.table`) is replaced: all its items will be lost, because `range_key` cannot be changed in place.*",
    ]);
  });

  it("warns of shorter retention", () => {
    const address = "aws_cloudwatch_log_group.join";
    expect(reported(address, { before: group(14), after: group(7) })).to.deep.equal({
      risks: [
        "*Log group `/aws/lambda/chat-dev-join` (`aws_cloudwatch_log_group.join`) is changed: log events older than 7 days will be lost.*",
      ],
      isGuarded: true,
    });
    expect(reported(address, { before: group(0), after: group(7) }).isGuarded).to.equal(true);
    expect(reported(address, { before: group(7), after: group(0) }).risks).to.deep.equal([]);
  });

  const backups = (enabled: boolean, recovery_period_in_days?: number) =>
    table({ point_in_time_recovery: [{ enabled, recovery_period_in_days }] });
  const expiring = (attribute_name: string, enabled = true) => table({ ttl: [{ attribute_name, enabled }] });
  const instance = (backup_retention_period: number) => ({ backup_retention_period });

  for (const [title, address, before, after, effect] of [
    [
      "recovery off",
      "table",
      backups(true, 35),
      backups(false),
      "point-in-time recovery is switched off, and all restore points will be lost",
    ],
    [
      "recovery left out",
      "table",
      backups(true, 35),
      table({}),
      "point-in-time recovery is switched off, and all restore points will be lost",
    ],
    ["a shorter window", "table", backups(true, 35), backups(true, 1), "restore points older than 1 day will be lost"],
    [
      "a window shorter than the default",
      "table",
      backups(true),
      backups(true, 7),
      "restore points older than 7 days will be lost",
    ],
    [
      "another TTL attribute",
      "table",
      expiring("ttl"),
      expiring("ends"),
      "the TTL attribute changes from `ttl` to `ends`, and all items whose `ends` is a time in the past will be deleted",
    ],
    [
      "TTL on",
      "table",
      expiring("", false),
      expiring("ends"),
      "TTL is switched on, and all items whose `ends` is a time in the past will be deleted",
    ],
    [
      "TTL where there was none",
      "table",
      table({}),
      expiring("ends"),
      "TTL is switched on, and all items whose `ends` is a time in the past will be deleted",
    ],
  ] as const) {
    it(`warns about ${title}, and guards`, () => {
      expect(reported(`aws_dynamodb_table.${address}`, { before, after })).to.deep.equal({
        risks: [`*Table \`chat-dev-table\` (\`aws_dynamodb_table.table\`) is changed: ${effect}.*`],
        isGuarded: true,
      });
    });
  }

  it("warns of fewer days of automated backups, and guards", () => {
    const { risks, isGuarded } = reported("aws_db_instance.people", { before: instance(7), after: instance(0) });
    expect(risks).to.deep.equal([
      "*`aws_db_instance.people` is changed: automated backups older than 0 days will be lost.*",
    ]);
    expect(isGuarded).to.equal(true);
  });

  for (const [title, before, after] of [
    ["recovery on", backups(false), backups(true, 35)],
    ["a longer window", backups(true, 1), backups(true, 35)],
    ["the default window written out", backups(true), backups(true, 35)],
    ["TTL off", expiring("ttl"), expiring("ttl", false)],
    ["the same TTL", expiring("ttl"), { ...expiring("ttl"), billing_mode: "PROVISIONED" }],
  ] as const) {
    it(`does not warn about ${title}`, () => {
      expect(reported("aws_dynamodb_table.table", { before, after })).to.deep.equal({ risks: [], isGuarded: false });
    });
  }

  it("guards if the plan does not show whether restore points or items are lost", () => {
    const written = { point_in_time_recovery: { references: ["var.backups"] }, ttl: { references: ["var.ttl"] } };
    const after_unknown = { point_in_time_recovery: [{ enabled: true }], ttl: [{ attribute_name: true }] };
    const change = {
      before: { ...backups(true), ...expiring("ttl"), point_in_time_recovery: [{ enabled: true }] },
      after: table({}),
      after_unknown,
      written,
    };
    const { risks, isGuarded } = reported("aws_dynamodb_table.table", change);
    expect(risks).to.have.length(2);
    expect(risks[0]).to.include("restore points may be lost: the new setting is not in the plan");
    expect(risks[1]).to.include("items may be deleted: the new TTL attribute is not in the plan");
    expect(isGuarded).to.equal(true);
  });

  it("compares sensitive settings without showing them", () => {
    const becomes = (before: object, after: object) =>
      reported("aws_dynamodb_table.table", {
        before: { ...before },
        after: { ...after, billing_mode: "PAY_PER_REQUEST" },
        after_sensitive: { ttl: true, point_in_time_recovery: true },
        written: { ttl: { references: ["var.ttl"] }, point_in_time_recovery: { references: ["var.backups"] } },
      });
    expect(becomes(expiring("secret-a"), expiring("secret-a")).risks).to.deep.equal([]);
    expect(becomes(backups(true, 35), backups(true, 35)).risks).to.deep.equal([]);
    const { risks, isGuarded } = becomes(
      { ...backups(true, 35), ...expiring("secret-a") },
      { ...backups(true, 3), ...expiring("secret-b") },
    );
    expect(risks[0]).to.include("restore points will be lost: they are kept for a shorter time, which is sensitive");
    expect(risks[1]).to.include("items may be deleted: the new TTL attribute is not in the plan");
    expect(risks.join()).to.not.match(/secret-|\b3\b/);
    expect(isGuarded).to.equal(true);
  });

  it("warns of fewer days to undo a deletion, and does not guard", () => {
    const secret = (recovery_window_in_days: number) => ({ name: "token", recovery_window_in_days });
    expect(reported("aws_secretsmanager_secret.token", { before: secret(30), after: secret(0) })).to.deep.equal({
      risks: ["Secret `token` (`aws_secretsmanager_secret.token`) loses days in which its deletion can be undone."],
      isGuarded: false,
    });
    expect(reported("aws_secretsmanager_secret.token", { before: secret(0), after: secret(30) }).risks).to.deep.equal(
      [],
    );
  });

  it("does not warn if AWS sets a period that the configuration does not set", () => {
    const after_unknown = { point_in_time_recovery: [{ recovery_period_in_days: true }] };
    const change = { before: backups(true, 35), after: backups(true), after_unknown };
    expect(reported("aws_dynamodb_table.table", change).risks).to.deep.equal([]);
  });

  it("guards against an unknown combination of actions that deletes", () => {
    const change = { before: table({}), after: table({}), actions: ["archive", "delete"] };
    expect(reported("aws_dynamodb_table.table", change).isGuarded).to.equal(true);
  });

  it("reports that a replaced and forgotten table starts empty, and does not guard", () => {
    const change = {
      before: table({}),
      after: table({}),
      actions: ["create", "forget"],
      replace_paths: [["hash_key"]],
    };
    expect(reported("aws_dynamodb_table.table", change)).to.deep.equal({
      risks: [
        "*Table `chat-dev-table` (`aws_dynamodb_table.table`) is replaced by a new one that starts empty, because `hash_key` cannot be changed in place. The old one stays in AWS with all its items, unmanaged.*",
      ],
      isGuarded: false,
    });
  });

  it("warns about protection that ends, and does not guard", () => {
    const before = table({ deletion_protection_enabled: true });
    const after = table({ deletion_protection_enabled: false });
    expect(reported("aws_dynamodb_table.table", { before, after })).to.deep.equal({
      risks: ["Table `chat-dev-table` (`aws_dynamodb_table.table`) loses its deletion protection."],
      isGuarded: false,
    });
  });

  it("does not warn if Terraform forgets a resource", () => {
    const kept = { before: { ...group(14), skip_destroy: true }, after: null };
    expect(reported("aws_cloudwatch_log_group.join", kept).risks).to.deep.equal([]);
    const forgotten = { before: table({}), after: null, actions: ["forget"] };
    expect(reported("aws_dynamodb_table.table", forgotten).risks).to.deep.equal([]);
  });
});
