import { called } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import { actionOf, isLoss, type Plan, type ResourceChange } from "./plan.ts";
import type { Sides, Thing } from "./things.ts";

/** Data that a plan puts at risk. */
export interface Risk {
  readonly called: Phrase;
  readonly address: string;
  /** `lost` is what `--guard` stops at; `unprotected` data is only easier to lose from now on. */
  readonly kind: "lost" | "unprotected";
  readonly does: "destroyed" | "replaced" | "changed";
  /** What is lost, or what no longer protects it. */
  readonly what: string;
  /** The attributes for which a replacement is made. */
  readonly because: readonly string[];
}

/** What holds data, and what is gone with it. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "all its log events",
  aws_cognito_user_pool: "all its users",
  aws_db_instance: "all its data",
  aws_dynamodb_table: "all its items",
  aws_dynamodb_table_item: "the item",
  aws_ecr_repository: "all its images",
  aws_efs_file_system: "all its files",
  aws_kinesis_stream: "all records in it",
  aws_kms_key: "whatever was encrypted with it",
  aws_rds_cluster: "all its data",
  aws_s3_bucket: "all its objects",
  aws_s3_object: "the object",
  aws_secretsmanager_secret: "its value",
  aws_secretsmanager_secret_version: "its value",
  aws_sqs_queue: "all messages in it",
  aws_ssm_parameter: "its value",
};

/** Attributes that say how long data is kept; 0 is for ever in CloudWatch. */
const KEEPS: Readonly<Record<string, readonly [attribute: string, unit: string]>> = {
  aws_cloudwatch_log_group: ["retention_in_days", "days"],
  aws_kinesis_stream: ["retention_period", "hours"],
  aws_sqs_queue: ["message_retention_seconds", "seconds"],
};

/** What keeps data from being lost, while it is on. */
const PROTECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_cognito_user_pool: { deletion_protection: "its deletion protection" },
  aws_db_instance: { deletion_protection: "its deletion protection" },
  aws_dynamodb_table: {
    deletion_protection_enabled: "its deletion protection",
    point_in_time_recovery: "its point-in-time recovery",
  },
  aws_rds_cluster: { deletion_protection: "its deletion protection" },
  aws_s3_bucket_versioning: { versioning_configuration: "its versions" },
};

export function risksOf({ resource_changes }: Plan, { before, after }: Sides): Risk[] {
  const [old, now] = [before, after].map((things) => new Map(things.map((thing) => [thing.address, thing])));
  const risks = resource_changes.flatMap((resource) => {
    const was = old?.get(resource.address);
    if (!was) return [];
    return isLoss(resource.change) ? lossOf(resource, was) : weakened(was, now?.get(resource.address));
  });
  return [...risks.filter(({ kind }) => kind === "lost"), ...risks.filter(({ kind }) => kind !== "lost")];
}

function lossOf({ type, address, change }: ResourceChange, was: Thing): Risk[] {
  const what = HOLDS[type];
  // `skip_destroy` leaves the group, with its events, in AWS.
  if (what === undefined || was.raw("skip_destroy") === true) return [];
  const because = (change.replace_paths ?? []).map((path) => path.join("."));
  const does = actionOf(change) === "delete" ? "destroyed" : "replaced";
  return [{ called: called(was), address, kind: "lost", does, what, because }];
}

function weakened(was: Thing, is: Thing | undefined): Risk[] {
  if (!is) return [];
  const risk = { called: called(was), address: was.address, does: "changed", because: [] } as const;
  const [attribute = "", unit] = KEEPS[was.type] ?? [];
  const [kept, keeps] = [was, is].map((thing) => Number(thing.raw(attribute) || Number.POSITIVE_INFINITY)) as [
    number,
    number,
  ];
  const shortened =
    keeps < kept ? [{ ...risk, kind: "lost", what: `what is older than ${keeps} ${unit}` } as const] : [];
  const unprotected = Object.entries(PROTECTS[was.type] ?? {})
    .filter(([name]) => isOn(was.raw(name)) && !isOn(is.raw(name)))
    .map(([, what]) => ({ ...risk, kind: "unprotected", what }) as const);
  return [...shortened, ...unprotected];
}

/** A setting, or a block that holds one. */
const isOn = (setting: unknown): boolean => /\btrue\b|"(ACTIVE|Enabled)"/.test(JSON.stringify(setting) ?? "");
