const DAY_MILLISECONDS = 86_400_000;
const GROUP_MILLISECONDS = 5 * 60_000;

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const yearFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

export const timeOf = (at: number): string => timeFormat.format(at);

export const fullTimeOf = (at: number): string => fullFormat.format(at);

/** The number of the day in the time zone of the user. */
export function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MILLISECONDS);
}

/** "Today", "Yesterday", or a date. */
export function dayTitle(at: number, now: number): string {
  const daysAgo = dayNumber(now) - dayNumber(at);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return (daysAgo < 180 ? dayFormat : yearFormat).format(at);
}

interface Sent {
  readonly from: string;
  readonly at: number;
  readonly isProgram: boolean;
  readonly replyTo?: string | undefined;
}

/** Whether a message is shown without its author and time, because it follows another one of the same author. */
export const continues = (before: Sent | undefined, { from, at, isProgram, replyTo }: Sent): boolean =>
  before !== undefined &&
  before.from === from &&
  before.isProgram === isProgram &&
  replyTo === undefined &&
  at - before.at < GROUP_MILLISECONDS &&
  dayNumber(before.at) === dayNumber(at);
