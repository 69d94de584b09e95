import { mkdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sdkTable } from "../../aws/table/sdk-client.ts";
import { awsName } from "../../infra/names.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { backupsOf } from "./backups.ts";
import { accessOf, type EraseOptions, erasePage } from "./erase.ts";
import { exportPage, lineOf } from "./export.ts";
import { filesOf, HELP, readUserFlags, type UserFlags } from "./flags.ts";
import { Progress } from "./progress.ts";
import { afterErasure, isIncomplete, refuseConnected, refuseWrongClock, summaryOf } from "./report.ts";
import { estimateOf, type Scan, scanAll, scanOf } from "./scan.ts";
import { clientAt } from "./table-client.ts";
import { WritePace } from "./write-pace.ts";

export interface RunOptions {
  readonly environments: readonly Environment[];
  readonly print: (line: string) => void;
}

/** Resolves with false if the table has items of unknown kinds, so the result can be incomplete. */
export async function runUser(args: readonly string[], { environments, print }: RunOptions): Promise<boolean> {
  const flags = readUserFlags(args, environments);
  if (flags.help) {
    print(HELP);
    return true;
  }
  const { client, clockOffset } = clientAt({ region: flags.environment.region, endpoint: flags.endpoint });
  const table = awsName(flags.environment, "table");
  try {
    print(await estimateOf(client, table));
    mkdirSync(flags.folder, { recursive: true, mode: 0o700 });
    const run = { flags, client, table, print };
    if (flags.command === "export") return await runExport(run);
    refuseWrongClock(clockOffset());
    return await runErasure(run);
  } finally {
    client.destroy();
  }
}

interface Run extends Pick<RunOptions, "print"> {
  readonly flags: UserFlags;
  readonly client: DynamoDBClient;
  readonly table: string;
}

function progressOf({ flags, table, print }: Run, isBanned = false): Progress {
  const { command, subject, environment, endpoint, resume, segments } = flags;
  const { output, progress: file } = filesOf(flags);
  const job = { command, user: subject.user, table, place: endpoint ?? environment.region };
  const progress = new Progress({ file, job, resume, segments, isBanned, ...(output !== undefined && { output }) });
  print(resume ? `Resuming the run in ${file}.` : "If the command is interrupted, run it again with --resume.");
  return progress;
}

const REPORTED_ITEMS = 50_000;

/** Prints a line from time to time, because a run can take hours. */
function reporting(scan: Scan, print: RunOptions["print"]): Scan {
  let read = 0;
  return async (request) => {
    const page = await scan(request);
    const before = read;
    read += page.items.length;
    const reached = Math.floor(read / REPORTED_ITEMS);
    if (reached > Math.floor(before / REPORTED_ITEMS))
      print(`${(reached * REPORTED_ITEMS).toLocaleString("en")} items read.`);
    return page;
  };
}

/** The last line shows that the export is complete. */
async function runExport(run: Run): Promise<boolean> {
  const { flags, client, table, print } = run;
  const progress = progressOf(run);
  await scanAll(reporting(scanOf(client, table), print), progress, exportPage(flags.subject));
  progress.end(lineOf({ kind: "end", table, ...flags.subject, at: new Date().toISOString(), counts: progress.counts }));
  print(summaryOf(progress.counts, flags.subject.user));
  print(`The export is in ${filesOf(flags).output}. It can have names of other users: check it before you pass it on.`);
  return !isIncomplete(progress.counts);
}

/** The backups are read first, so that a missing permission is an error before anything is erased. */
async function runErasure(run: Run): Promise<boolean> {
  const { flags, client, table: name, print } = run;
  const { subject, environment, dryRun, whileConnected, writeUnits: unitsPerSecond } = flags;
  const { messageRetentionDays: retentionDays, reactions: storesReactions = false } = environment;
  const pace = new WritePace({ unitsPerSecond, elapsed: () => performance.now(), pause: setTimeout });
  const settings = { retentionDays, storesReactions, checksBans: environment.moderators !== undefined };
  const options = { ...settings, table: sdkTable(client, name), subject, dryRun, now: Date.now, pace };
  const backups = await backupsOf(client, name);
  const before = await accessOf(options);
  if (!dryRun && !whileConnected) refuseConnected(subject, before.connections, environment);
  const progress = progressOf(run, before.isBanned);
  const secondPassAt = await eraseAll(run, options, progress);
  progress.end();
  print(summaryOf(progress.counts, subject.user, unitsPerSecond));
  const lines = dryRun
    ? ["Nothing was changed. Run the command without --dry-run to erase."]
    : afterErasure({ subject, environment, backups, secondPassAt, now: Date.now() });
  for (const line of lines) print(line);
  return !isIncomplete(progress.counts);
}

/**
 * A user who is not banned can store items in parts of the table that were already read. A second pass erases them.
 * Resolves with its start in epoch milliseconds.
 */
async function eraseAll({ client, table, print }: Run, options: EraseOptions, progress: Progress) {
  const erase = (isSecondPass: boolean) => {
    const scan = scanOf(client, table, { isConsistent: isSecondPass });
    return scanAll(reporting(scan, print), progress, erasePage({ ...options, isSecondPass }));
  };
  if (progress.secondPassAt === undefined) {
    await erase(false);
    if (options.dryRun || (progress.wasBanned && (await accessOf(options)).isBanned)) return undefined;
    print("The user could send messages while the table was read. Reading it a second time.");
    progress.beginSecondPass(Date.now());
  }
  await erase(true);
  return progress.secondPassAt;
}
