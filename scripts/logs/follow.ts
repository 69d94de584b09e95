/** What somebody logged. */
export interface LogEvent {
  /** CloudWatch's; of an event alone. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** A stretch of a log group, up to now. */
export interface Reading {
  readonly group: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** A pattern of CloudWatch's. */
  readonly filter: string | undefined;
}

export interface FollowPorts {
  /** All events, in any order. */
  readonly read: (reading: Reading) => Promise<readonly LogEvent[]>;
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

export interface Followed {
  /** By a short name of each. */
  readonly groups: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly filter?: string | undefined;
}

/** An event, with the short name of its group. */
export interface SourcedEvent extends LogEvent {
  readonly source: string;
}

/** From one reading to the next: an account may make 5 a second. https://repost.aws/knowledge-center/cloudwatch-logs-throttling */
const REST_MILLISECONDS = 200;

/** Between an event's own time and the moment it can be read. What takes longer is missed. */
const LATE_MILLISECONDS = 30_000;

/**
 * Gives what was logged since a moment, and goes on for ever with what comes: each event once, those that are read
 * together in the order of their times.
 */
export async function* follow(
  { read, now, pause }: FollowPorts,
  { groups, since, filter }: Followed,
): AsyncGenerator<SourcedEvent, never> {
  const seen = new Map<string, number>();
  for (let from = since; ; ) {
    const readAt = now();
    const events = (await readAll({ read, pause }, { groups, from, filter })).filter(({ id }) => !seen.has(id));
    for (const { id, timestamp } of events) seen.set(id, timestamp);
    yield* events.sort((a, b) => a.timestamp - b.timestamp);
    from = Math.max(since, readAt - LATE_MILLISECONDS);
    for (const [id, timestamp] of seen) if (timestamp < from) seen.delete(id);
  }
}

/** One group after the other: they share a quota. */
async function readAll(
  { read, pause }: Pick<FollowPorts, "read" | "pause">,
  { groups, ...stretch }: Omit<Reading, "group"> & Pick<Followed, "groups">,
): Promise<SourcedEvent[]> {
  const events: SourcedEvent[] = [];
  for (const [source, group] of Object.entries(groups)) {
    const ofGroup = await read({ group, ...stretch });
    events.push(...ofGroup.map((event) => ({ ...event, source })));
    await pause(REST_MILLISECONDS);
  }
  return events;
}
