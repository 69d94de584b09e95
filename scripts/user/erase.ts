import { bans } from "../../aws/table/moderation.ts";
import { secondsOf, type Table } from "../../aws/table/table.ts";
import { names, users } from "../../aws/table/users.ts";
import type { Now } from "../../chat/ports.ts";
import { ItemEraser, mayHaveReactions } from "./erase-item.ts";
import { type Finding, findingOf, isUnknown } from "./finding.ts";
import { type Counts, sumOf } from "./progress.ts";
import type { Erasure, Item, Subject } from "./relations.ts";
import { type HandledPage, inParallel } from "./scan.ts";
import type { WritePace } from "./write-pace.ts";

/** The key of the write units among the counts. */
export const WRITE_UNITS = "write units";

export interface EraseOptions {
  readonly table: Table;
  readonly subject: Subject;
  readonly now: Now;
  readonly retentionDays: number;
  readonly storesReactions: boolean;
  readonly checksBans: boolean;
  /** Only counts what would be done. */
  readonly dryRun: boolean;
  readonly pace: WritePace;
  /** Does not count items again that the first pass has kept. */
  readonly isSecondPass?: boolean;
}

/** Items of a page that are erased at the same time: enough to write 1,000 units a second if a write takes 16 ms. */
const ITEMS_AT_ONCE = 16;

/** Erases the items of the user. Items that were erased before are not found again. */
export function erasePage(options: EraseOptions): (items: readonly Item[]) => Promise<HandledPage> {
  const { subject, now, dryRun, pace, storesReactions, isSecondPass = false } = options;
  const eraser = new ItemEraser({ ...options, table: pace.watch(options.table), user: subject.user });
  return async (items) => {
    let counts: Counts = {};
    await inParallel(items, ITEMS_AT_ONCE, async (item) => {
      const found = findingOf(item, subject);
      if (!found) return;
      // Trap: the counts change while this waits, so they are read afterwards.
      const added = await erase(item, found);
      counts = sumOf(counts, added);
    });
    return { counts };
  };

  async function erase(item: Item, found: Finding): Promise<Counts> {
    const erasure = erasureOf(item, found, now);
    if (isSecondPass && erasure.do === "keep") return {};
    const units = unitsFor(item, erasure, storesReactions);
    if (!dryRun) {
      await pace.take(units);
      await eraser.erase(item, erasure);
    }
    return { [`${found.role}: ${resultOf(erasure)}`]: 1, [WRITE_UNITS]: units };
  }
}

/** Nothing reads an expired item, so it is deleted, unless it has been renewed. */
const erasureOf = ({ ttl }: Item, { role, erasure }: Finding, now: Now): Erasure =>
  typeof ttl === "number" && ttl <= secondsOf(now) && !isUnknown(role) ? { do: "delete", attribute: "ttl" } : erasure;

/** What happened to an item, in words. */
function resultOf(erasure: Erasure): string {
  if (erasure.do === "tombstone") return "text and name deleted";
  if (["replace", "remove", "unlist"].includes(erasure.do)) return "name removed";
  return erasure.do === "keep" ? `kept, because ${erasure.reason}` : "deleted";
}

/** A write costs one unit for each KB of the larger of the item before and after. */
function unitsFor(item: Item, erasure: Erasure, storesReactions: boolean): number {
  if (erasure.do === "keep") return 0;
  const units = Math.ceil(Buffer.byteLength(JSON.stringify(item)) / 1_024);
  // The deletion of the text, its record, the replacement of the name, and the deletion of the reactions.
  if (erasure.do === "tombstone") return units + (mayHaveReactions(item, storesReactions) ? 3 : 2);
  // The record of the removal, and the deletion of the former record.
  return erasure.do === "unreact" ? units + 2 : units;
}

/** Whether the user can send messages while the table is read. */
export async function accessOf({
  table,
  now,
  subject: { user, isAuthenticated },
  checksBans,
}: Pick<EraseOptions, "table" | "now" | "subject" | "checksBans">): Promise<{
  readonly connections: number;
  readonly isBanned: boolean;
}> {
  if (!isAuthenticated) return { connections: (await names(table, now).holder(user)) ? 1 : 0, isBanned: false };
  const open = await users(table, now).connectionsOf(user);
  return { connections: open.length, isBanned: checksBans && (await bans(table, now).has(user)) };
}
