import type { BackupSummary, DynamoDBClient, ListBackupsCommandInput } from "@aws-sdk/client-dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { backupsOf, remainingBackups } from "../../../scripts/user/backups.ts";
import { NOON } from "../../support/builders.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A DynamoDB with point-in-time recovery and these backups, one on a page. */
const clientWith = (recovery: object, backups: readonly BackupSummary[]): DynamoDBClient => {
  const send = async ({ input }: { readonly input: ListBackupsCommandInput }) => {
    if (!("BackupType" in input)) {
      return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } };
    }
    const listed = backups.filter((backup) => input.BackupType === "ALL" || backup.BackupType === input.BackupType);
    const index = Number(input.ExclusiveStartBackupArn ?? 0);
    const isLast = index >= listed.length - 1;
    return {
      BackupSummaries: listed.slice(index, index + 1),
      ...(!isLast && { LastEvaluatedBackupArn: String(index + 1) }),
    };
  };
  return { send } as unknown as DynamoDBClient;
};

describe("scripts/user/backups", () => {
  it("names each backup with its end date, on all pages", async () => {
    const backups: BackupSummary[] = [
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

  it("says so if the DynamoDB cannot list backups, and rejects if a permission is missing", async () => {
    const failing = (name: string) =>
      ({ send: () => Promise.reject(Object.assign(new Error("no"), { name })) }) as unknown as DynamoDBClient;
    const found = await backupsOf(failing("UnknownOperationException"), "chat-dev-table");
    expect(remainingBackups(found, NOON)).to.deep.equal(["This DynamoDB cannot list its backups."]);
    expect(await rejection(backupsOf(failing("AccessDeniedException"), "chat-dev-table"))).to.equal("no");
  });

  it("assumes 35 days of point-in-time recovery, the default", async () => {
    const found = await backupsOf(clientWith({ PointInTimeRecoveryStatus: "ENABLED" }, []), "chat-dev-table");
    expect(remainingBackups(found, NOON)).to.deep.equal([
      "Point-in-time recovery can restore the data until 2026-08-05.",
      "The table has no other backups in DynamoDB.",
    ]);
  });
});
