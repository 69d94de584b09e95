import { calledAt } from "./nouns.ts";
import { type Phrase, say } from "./phrase.ts";
import { actionOf, isForgotten, isLoss, isReplaced, type Plan, type ResourceChange } from "./plan.ts";
import type { ResourceState, Sides } from "./resource-states.ts";

/** Data that a plan puts at risk. */
export interface Risk {
  readonly called: Phrase;
  /** `lost` stops `--guard`. `unprotected` data is easier to lose from now on. `left behind` data stays in AWS, unmanaged. */
  readonly kind: "lost" | "unprotected" | "left behind";
  readonly does: "destroyed" | "replaced" | "changed";
  /** What happens to the data, such as "all its items will be lost". If the data is left behind or unprotected, a noun. */
  readonly effect: Phrase;
  /** The attributes that force the replacement. */
  readonly because: readonly string[];
}

/** The data in a resource, which is lost with it. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_backup_vault: "all its recovery points",
  aws_cloudwatch_event_archive: "all its events",
  aws_cloudwatch_log_group: "all its log events",
  aws_cloudwatch_log_stream: "all its log events",
  aws_codecommit_repository: "all its commits",
  aws_cognito_user: "the user",
  aws_cognito_user_pool: "all its users",
  aws_db_instance: "all its data",
  aws_db_snapshot: "the snapshot",
  aws_docdb_cluster: "all its data",
  aws_docdbelastic_cluster: "all its data",
  aws_dsql_cluster: "all its data",
  aws_dynamodb_global_table: "the replicas and all their items",
  aws_dynamodb_table: "all its items",
  aws_dynamodb_table_item: "the item",
  aws_dynamodb_table_replica: "the replica and all its items",
  aws_ebs_snapshot: "the snapshot",
  aws_ebs_volume: "all its data",
  aws_ecr_repository: "all its images",
  aws_efs_file_system: "all its files",
  aws_elasticache_cluster: "all its data",
  aws_elasticache_replication_group: "all its data",
  aws_elasticache_serverless_cache: "all its data",
  aws_fsx_lustre_file_system: "all its files",
  aws_fsx_ontap_file_system: "all its files",
  aws_fsx_openzfs_file_system: "all its files",
  aws_fsx_windows_file_system: "all its files",
  aws_glacier_vault: "all its archives",
  aws_keyspaces_table: "all its rows",
  aws_kinesis_stream: "all its records",
  aws_kms_external_key: "everything encrypted with it",
  aws_kms_key: "everything encrypted with it",
  aws_memorydb_cluster: "all its data",
  aws_msk_cluster: "all its records",
  aws_neptune_cluster: "all its data",
  aws_opensearch_domain: "all its data",
  aws_opensearchserverless_collection: "all its data",
  aws_rds_cluster: "all its data",
  aws_redshift_cluster: "all its data",
  aws_s3_bucket: "all its objects",
  aws_s3_directory_bucket: "all its objects",
  aws_s3_object: "the object",
  aws_s3tables_table: "all its rows",
  aws_secretsmanager_secret: "its value",
  aws_secretsmanager_secret_version: "its value",
  aws_sqs_queue: "all its messages",
  aws_ssm_parameter: "its value",
  aws_timestreamwrite_table: "all its records",
};

interface Period {
  readonly path: readonly (string | number)[];
  readonly unit: string;
  readonly of: string;
  /** How long data is kept if the setting is missing or 0. */
  readonly unset: number;
}

/** How long data is kept. By default, CloudWatch keeps log events forever. */
const KEEPS: Readonly<Record<string, Period>> = {
  aws_cloudwatch_log_group: {
    path: ["retention_in_days"],
    unit: "day",
    of: "log events",
    unset: Number.POSITIVE_INFINITY,
  },
  aws_db_instance: { path: ["backup_retention_period"], unit: "day", of: "automated backups", unset: 0 },
  aws_kinesis_stream: { path: ["retention_period"], unit: "hour", of: "records", unset: 24 },
  aws_rds_cluster: { path: ["backup_retention_period"], unit: "day", of: "automated backups", unset: 1 },
  aws_sqs_queue: { path: ["message_retention_seconds"], unit: "second", of: "messages", unset: 345_600 },
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html */
const RECOVERY_WINDOW: Period = {
  path: ["point_in_time_recovery", 0, "recovery_period_in_days"],
  unit: "day",
  of: "restore points",
  unset: 35,
};

/** Settings that prevent loss while they are on. */
const PROTECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_cognito_user_pool: { deletion_protection: "its deletion protection" },
  aws_db_instance: { deletion_protection: "its deletion protection" },
  aws_dynamodb_table: { deletion_protection_enabled: "its deletion protection" },
  aws_rds_cluster: { deletion_protection: "its deletion protection" },
  aws_s3_bucket_versioning: { versioning_configuration: "its versioning" },
};

/** The number of days in which a deletion can be undone. */
const UNDONE_WITHIN: Readonly<Record<string, string>> = {
  aws_kms_key: "deletion_window_in_days",
  aws_secretsmanager_secret: "recovery_window_in_days",
};

const ORDER: readonly Risk["kind"][] = ["lost", "left behind", "unprotected"];

export function risksOf({ resource_changes }: Plan, { before, after }: Sides): Risk[] {
  const [old, now] = [before, after].map((states) => new Map(states.map((state) => [state.address, state])));
  const risks = resource_changes.flatMap((resource) => {
    const was = old?.get(resource.address);
    if (!was) return [];
    if (isLoss(resource.change)) return lossOf(resource, was);
    if (isForgotten(resource.change)) return leftBehind(resource, was);
    return weakened(was, now?.get(resource.address));
  });
  return ORDER.flatMap((order) => risks.filter(({ kind }) => kind === order));
}

function lossOf({ type, change }: ResourceChange, was: ResourceState): Risk[] {
  const holds = HOLDS[type];
  // `skip_destroy` leaves the group, with its events, in AWS.
  if (holds === undefined || was.raw("skip_destroy") === true || isFromConfiguration(was)) return [];
  const does = isReplaced(change) ? "replaced" : "destroyed";
  const effect = [`${holds} will be lost`];
  return [{ called: calledAt(was), kind: "lost", does, effect, because: reasonsOf(change) }];
}

/** The content of such an object is in the configuration, or in a file beside it, as the files of a website are. */
const isFromConfiguration = (was: ResourceState): boolean =>
  was.type === "aws_s3_object" && ["source", "content", "content_base64"].some((from) => Boolean(was.raw(from)));

function leftBehind({ type, change }: ResourceChange, was: ResourceState): Risk[] {
  const holds = HOLDS[type];
  if (holds === undefined || actionOf(change) !== "replace and forget") return [];
  const because = reasonsOf(change);
  return [{ called: calledAt(was), kind: "left behind", does: "replaced", effect: [holds], because }];
}

const reasonsOf = ({ replace_paths }: ResourceChange["change"]): string[] =>
  (replace_paths ?? []).map((path) => path.join("."));

function weakened(was: ResourceState, is: ResourceState | undefined): Risk[] {
  if (!is) return [];
  const risk = { called: calledAt(was), does: "changed", because: [] } as const;
  const period = KEEPS[was.type];
  const losses = [
    ...(period ? shortened(was, is, period) : []),
    ...(was.type === "aws_dynamodb_table"
      ? [...unrecoverable(was, is), ...expiring(was, is), ...unreplicated(was, is)]
      : []),
  ];
  const unprotected = Object.entries(PROTECTS[was.type] ?? {}).filter(
    ([name]) => isOn(was.raw(name)) && !isOn(is.raw(name)),
  );
  const window = UNDONE_WITHIN[was.type] ?? "";
  const isHasty = Number(is.raw(window)) < Number(was.raw(window));
  return [
    ...losses.map((effect) => ({ ...risk, kind: "lost", effect }) as const),
    ...unprotected.map(([, what]) => ({ ...risk, kind: "unprotected", effect: [what] }) as const),
    ...(isHasty
      ? [{ ...risk, kind: "unprotected", effect: ["days in which its deletion can be undone"] } as const]
      : []),
  ];
}

function shortened(was: ResourceState, is: ResourceState, { path, unit, of, unset }: Period): Phrase[] {
  const [kept, keeps] = [was.at(...path), is.at(...path)];
  if (keeps.isUnknown) return keeps.isWritten ? [[`${of} may be lost: the new period is not in the plan`]] : [];
  const [from, to] = [Number(kept.value || unset), Number(keeps.value || unset)];
  if (to >= from) return [];
  if (kept.isSensitive || keeps.isSensitive)
    return [say`${[of]} will be lost: they are kept for a shorter time, which is sensitive`];
  return [say`${[of]} older than ${to} ${[unit]}${[to === 1 ? "" : "s"]} will be lost`];
}

/** Without point-in-time recovery a table has no restore points, and a shorter window deletes the oldest. */
function unrecoverable(was: ResourceState, is: ResourceState): Phrase[] {
  const [old, now] = [was, is].map((table) => table.at("point_in_time_recovery", 0, "enabled"));
  if (old?.value !== true) return [];
  if (now?.isUnknown) return [["restore points may be lost: the new setting is not in the plan"]];
  if (now?.value === true) return shortened(was, is, RECOVERY_WINDOW);
  return [["point-in-time recovery is switched off, and all restore points will be lost"]];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
function expiring(was: ResourceState, is: ResourceState): Phrase[] {
  const [old, now] = [expiryOf(was), expiryOf(is)];
  if (now.attribute === old.attribute && !now.isUnknown) return [];
  if (now.isUnknown || now.isSensitive || old.isSensitive)
    return [["items may be deleted: the new TTL attribute is not in the plan"]];
  if (now.attribute === undefined) return [];
  const change =
    old.attribute === undefined
      ? ["TTL is switched on"]
      : say`the TTL attribute changes from ${old.attribute} to ${now.attribute}`;
  return [say`${change}, and all items whose ${now.attribute} is a time in the past will be deleted`];
}

/** Deleting a replica deletes its items. Those of the table itself and of other replicas stay. */
function unreplicated(was: ResourceState, is: ResourceState): Phrase[] {
  if (is.at("replica").isUnknown)
    return is.at("replica").isWritten ? [["replicas may be deleted: they are not in the plan"]] : [];
  const [old, now] = [was, is].map(replicaRegionsOf);
  return (old ?? [])
    .filter((region) => !now?.includes(region))
    .map((region) => say`its replica in ${region} will be deleted`);
}

const replicaRegionsOf = (table: ResourceState): string[] =>
  table
    .texts("replica")
    .filter(({ path }) => path.endsWith(".region_name"))
    .map(({ text }) => text);

interface Expiry {
  /** The TTL attribute. Undefined if TTL is off. */
  readonly attribute: string | undefined;
  readonly isSensitive: boolean;
  readonly isUnknown: boolean;
}

function expiryOf(table: ResourceState): Expiry {
  const [enabled, attribute] = [table.at("ttl", 0, "enabled"), table.at("ttl", 0, "attribute_name")];
  return {
    attribute: enabled.value === true ? `${attribute.value}` : undefined,
    isSensitive: enabled.isSensitive || attribute.isSensitive,
    isUnknown: enabled.isUnknown || (enabled.value !== false && attribute.isUnknown),
  };
}

/** A setting, or a block that holds one. */
const isOn = (setting: unknown): boolean => /\btrue\b|"(ACTIVE|Enabled)"/.test(JSON.stringify(setting) ?? "");
