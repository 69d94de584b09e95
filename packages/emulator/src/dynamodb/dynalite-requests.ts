import type { TableConfig } from "../terraform/tables.ts";
import type { DynamodbError } from "./guard.ts";

/** The operations that the embedded DynamoDB supports. */
const OPERATIONS = [
  ...["BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem", "DeleteTable", "DescribeTable"],
  ...["DescribeTimeToLive", "DescribeContinuousBackups", "ListBackups"],
  ...["GetItem", "ListTables", "ListTagsOfResource", "PutItem", "Query", "Scan", "TagResource"],
  ...["UntagResource", "UpdateItem", "UpdateTable"],
];

export const operationOf = (target: unknown): string => String(target).replace(/^DynamoDB_\d+\./, "");

/** The error for an operation that dynalite does not support, because its own error has no message. */
export function refuseOperation(operation: string): DynamodbError | undefined {
  if (OPERATIONS.includes(operation)) return undefined;
  const isGrouped = /^Transact|Statement$|Transaction$/.test(operation);
  const remedy = isGrouped ? "Use single operations with conditions, or start" : "Start";
  const message = `The embedded DynamoDB does not support ${operation}. ${remedy} DynamoDB Local and pass its address with --dynamodb.`;
  return { __type: "com.amazon.coral.service#UnknownOperationException", message };
}

/** The response to an operation that dynalite does not have. Undefined if dynalite has the operation. */
export function answerWithoutDynalite(
  operation: string,
  tables: readonly TableConfig[],
  body: Buffer,
): object | undefined {
  if (operation === "DescribeTimeToLive") return describeTimeToLive(tables, body);
  if (operation === "ListBackups") return { BackupSummaries: [] };
  if (operation === "DescribeContinuousBackups") return NO_BACKUPS;
  return undefined;
}

/**
 * The embedded DynamoDB has no backups, even if the Terraform switches on point-in-time recovery.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
 */
const NO_BACKUPS = {
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
  },
};

/**
 * The TTL of a table that the Terraform declares. The emulator deletes expired items, and dynalite does not know it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
 */
function describeTimeToLive(tables: readonly TableConfig[], body: Buffer): object | undefined {
  const { TableName } = parsed(body);
  const table = tables.find(({ name }) => name === nameOf(TableName));
  if (!table?.ttlAttribute) return undefined;
  return { TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: table.ttlAttribute } };
}

/** Replaces the ARN of a table with its name, because dynalite accepts only names. */
export function withTableName(body: Buffer): Buffer {
  const { TableName, ...rest } = parsed(body);
  const name = nameOf(TableName);
  return name === TableName ? body : Buffer.from(JSON.stringify({ TableName: name, ...rest }));
}

const nameOf = (table: unknown): unknown =>
  typeof table === "string" ? table.replace(/^arn:[^:]*:dynamodb:[^:]*:\d*:table\//, "") : table;

/** An empty object for a body that is not a JSON object, which dynalite rejects. */
function parsed(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
