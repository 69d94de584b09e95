import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import { functionLogGroupName } from "../../infra/names.ts";
import { hasUsers } from "../../infra/settings/authentication.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { type Backups, remainingBackups } from "./backups.ts";
import { WRITE_UNITS } from "./erase.ts";
import { isUnknown } from "./finding.ts";
import type { Counts } from "./progress.ts";
import type { Subject } from "./relations.ts";

/** Whether a run found items of unknown kinds, so its result can be incomplete. */
export const isIncomplete = (counts: Counts): boolean => Object.keys(counts).some(isUnknown);

/** The counts, one line for each role. Of an erasure, also the write units, their price, and how long they take. */
export function summaryOf({ [WRITE_UNITS]: units, ...counts }: Counts, user: string, unitsPerSecond = 0): string {
  const roles = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  const lines = roles.map(([role, count]) => `${count.toLocaleString("en").padStart(11)}  ${role}`);
  if (roles.length === 0) {
    lines.push("          0  items of the user");
    lines.push(`No item of the table names "${user}". Names are compared exactly: check that this is the right one.`);
  }
  if (units) lines.push(costOf(units, unitsPerSecond));
  if (isIncomplete(counts)) {
    lines.push(
      "The table has items of kinds that this command does not know, so the result can be incomplete. Use the version of the command that belongs to the deployed chat, or add the kinds to scripts/user/item-kinds.ts.",
    );
  }
  return lines.join("\n");
}

function costOf(units: number, unitsPerSecond: number): string {
  const { dynamodb, region } = prices;
  const dollars = ((units / 1_000_000) * dynamodb.dollarsPerMillionWriteUnits).toFixed(2);
  const minutes = Math.ceil(units / unitsPerSecond / 60).toLocaleString("en");
  return `About ${units.toLocaleString("en")} write units ($${dollars} in ${region}). At ${unitsPerSecond.toLocaleString("en")} a second, they take ${minutes} min.`;
}

/** Message ids contain a time. Clients that resume expect clocks that are off by at most 5 seconds. */
const CLOCK_OFFSET_MAX = 5_000;

/** Throws if records of deletions would get ids that clients have already read past. `offset` is in milliseconds. */
export function refuseWrongClock(offset: number): void {
  if (Math.abs(offset) <= CLOCK_OFFSET_MAX) return;
  const seconds = Math.round(Math.abs(offset) / 1000);
  throw new Error(
    `The clock of this machine is ${seconds} seconds ${offset > 0 ? "ahead of" : "behind"} DynamoDB's; at most 5 are allowed. With a wrong clock, some clients would not learn of the deletions. Synchronize the clock.`,
  );
}

/** Throws if the user has connections. */
export function refuseConnected(
  { user, isAuthenticated }: Subject,
  connections: number,
  { moderators }: Pick<Environment, "moderators">,
): void {
  if (connections === 0) return;
  const ofUser = moderators ? "Ban the user, or wait" : "Disable the account at the issuer, or wait";
  const action = isAuthenticated ? ofUser : "Wait";
  throw new Error(
    `"${user}" has ${connections === 1 ? "a connection" : `${connections} connections`}. Messages that are sent while the table is read can be missed. ${action} until the user is disconnected. To erase anyway, pass --while-connected: it also removes the connections.`,
  );
}

interface Erased {
  readonly subject: Subject;
  readonly environment: Environment;
  readonly backups: Backups | undefined;
  /** Undefined if the user was banned during the whole run, so that there was no second pass. Epoch milliseconds. */
  readonly secondPassAt: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What an erasure cannot reach, and what the operator has to do. */
export function afterErasure({ subject, environment, backups, secondPassAt, now }: Erased): string[] {
  const { authentication, logRetentionDays, events, chatOps } = environment;
  const line = (text: string): string => `- ${text}`;
  const remaining = [
    ...remainingBackups(backups, now),
    "Exports of the table to S3, and copies of backups in other accounts or regions, are not listed here.",
    `Log groups such as ${functionLogGroupName(environment, "connect")} have ids of connections, no names and no text. Lines expire after ${logRetentionDays} days.`,
    "Queues of failed events, such as fan-out-failed, keep messages whose delivery failed for up to 14 days.",
    ...(events
      ? ["Events that were sent are not withdrawn, and an erasure sends none. Delete their copies, such as an archive."]
      : []),
    ...(chatOps ? ["Announcements in the channel ops can name the user until they expire."] : []),
    ...(hasUsers(authentication) ? ["The account of the user at the issuer is not deleted."] : []),
    "Texts of other users can name the user.",
    "Clients that received a message can have a copy. They remove it when they next read the history.",
  ];
  const end = secondPassAt === undefined ? [] : [whenToRepeat(subject, secondPassAt)];
  return ["What remains:", ...remaining.map(line), ...end];
}

/** Guests cannot be banned. */
function whenToRepeat({ user, isAuthenticated }: Subject, secondPassAt: number): string {
  const subject = isAuthenticated ? `"${user}" was not banned` : `Anybody can use the name "${user}"`;
  const repeat = isAuthenticated ? "If the user can have sent something since" : "If it was used since";
  return `${subject}, so the table was read twice: everything until ${new Date(secondPassAt).toISOString()} is erased. ${repeat}, run the command again.`;
}
