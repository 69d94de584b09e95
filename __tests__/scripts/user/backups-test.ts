import type { DynamoDBClient, ListBackupsCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { backupsOf, remainingBackups } from "../../../scripts/user/backups.ts";
import { NOON } from "../../support/builders.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A DynamoDB with point-in-time recovery and these backups, one on a page. */
const clientWith = (recovery: object, backups: readonly object[]): DynamoDBClient => {
  const send = async ({ input }: { readonly input: ListBackupsCommandInput }) => {
    if (!("BackupType" in input)) {
      return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } };
    }
    const index = Number(input.ExclusiveStartBackupArn ?? 0);
    const isLast = index >= backups.length - 1;
    return {
      BackupSummaries: backups.slice(index, index + 1),
      ...(!isLast && { LastEvaluatedBackupArn: String(index + 1) }),
    };
  };
  return { send } as unknown as DynamoDBClient;
};

describe("scripts/user/backups", () => {
  it("names each backup with its end date, on all pages", async () => {
    const backups = [
      { BackupName: "before-v2", BackupType: "USER", BackupCreationDateTime: new Date(NOON - 9 * DAY) },
      { BackupName: "deleted", BackupType: "USER", BackupStatus: "DELETED" },
      {
        BackupName: "awsbackup_1",
        BackupType: "AWS_BACKUP",
        BackupCreationDateTime: new Date(NOON - DAY),
        BackupExpiryDateTime: new Date(NOON + 10 * DAY),
      },
    ];
    const recovery = { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 7 };
    const found = await backupsOf(clientWith(recovery, backups), "chat-dev-table");
    expect(remainingBackups(found, NOON)).to.deep.equal([
      "Point-in-time recovery can restore the data until 2026-07-08.",
      'The backup "before-v2" of 2026-06-22 (USER) remains until you delete it.',
      'The backup "awsbackup_1" of 2026-06-30 (AWS_BACKUP) ends on 2026-07-11.',
    ]);
  });

  it("assumes 35 days of point-in-time recovery, the default", async () => {
    const found = await backupsOf(clientWith({ PointInTimeRecoveryStatus: "ENABLED" }, []), "chat-dev-table");
    expect(remainingBackups(found, NOON)).to.deep.equal([
      "Point-in-time recovery can restore the data until 2026-08-05.",
      "The table has no other backups in DynamoDB.",
    ]);
  });
});
