import {
  type BackupSummary,
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  ListBackupsCommand,
} from "@aws-sdk/client-dynamodb";

/** The default and the maximum. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html */
const RECOVERY_DAYS = 35;

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** The backups of a table. */
export interface Backups {
  /** For how many days point-in-time recovery can restore the table. 0: it is off. */
  readonly recoveryDays: number;
  readonly summaries: readonly BackupSummary[];
}

/** Resolves with undefined if this DynamoDB has no operations for backups, such as DynamoDB Local. */
export async function backupsOf(client: DynamoDBClient, TableName: string): Promise<Backups | undefined> {
  try {
    return await readBackups(client, TableName);
  } catch (fault) {
    if ((fault as Error).name === "UnknownOperationException") return undefined;
    throw fault;
  }
}

async function readBackups(client: DynamoDBClient, TableName: string): Promise<Backups> {
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const { PointInTimeRecoveryStatus, RecoveryPeriodInDays = RECOVERY_DAYS } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  const summaries: BackupSummary[] = [];
  let ExclusiveStartBackupArn: string | undefined;
  do {
    // Without ALL, the backups of AWS Backup and those of a deleted table are missing.
    const input = {
      TableName,
      BackupType: "ALL" as const,
      ...(ExclusiveStartBackupArn && { ExclusiveStartBackupArn }),
    };
    const page = await client.send(new ListBackupsCommand(input));
    summaries.push(...(page.BackupSummaries ?? []));
    ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
  } while (ExclusiveStartBackupArn);
  return { recoveryDays: PointInTimeRecoveryStatus === "ENABLED" ? RecoveryPeriodInDays : 0, summaries };
}

/** The backups that have the data that was erased by `now`, in epoch milliseconds, each with its end date. */
export function remainingBackups(backups: Backups | undefined, now: number): string[] {
  if (!backups) return ["This DynamoDB cannot list its backups."];
  const { recoveryDays, summaries } = backups;
  const recovery =
    recoveryDays > 0
      ? `Point-in-time recovery can restore the data until ${dayOf(new Date(now + recoveryDays * DAY_MILLISECONDS))}.`
      : "Point-in-time recovery is off.";
  const listed = summaries
    .filter(({ BackupStatus }) => BackupStatus !== "DELETED")
    .map(({ BackupName, BackupType, BackupCreationDateTime, BackupExpiryDateTime }) => {
      const created = BackupCreationDateTime ? ` of ${dayOf(BackupCreationDateTime)}` : "";
      const end = BackupExpiryDateTime ? `ends on ${dayOf(BackupExpiryDateTime)}` : "remains until you delete it";
      return `The backup "${BackupName}"${created} (${BackupType}) ${end}.`;
    });
  return [recovery, ...(listed.length > 0 ? listed : ["The table has no other backups in DynamoDB."])];
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
