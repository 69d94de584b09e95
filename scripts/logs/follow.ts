export interface LogEvent {
  /** The unique event id of CloudWatch. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** The events of a log group since a time. */
export interface LogQuery {
  readonly group: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** A CloudWatch filter pattern. */
  readonly filter: string | undefined;
}

export interface FollowPorts {
  /** All events, in any order. */
  readonly read: (query: LogQuery) => Promise<readonly LogEvent[]>;
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

export interface FollowOptions {
  /** The log groups, by short name. */
  readonly groups: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly filter?: string | undefined;
}

/** An event, with the short name of its group. */
export interface SourcedEvent extends LogEvent {
  readonly source: string;
}

/** The time between two requests. An account may send 5 a second. https://repost.aws/knowledge-center/cloudwatch-logs-throttling */
const INTERVAL_MILLISECONDS = 200;

/** The longest time until an event can be read. Events that take longer are missed. */
const DELAY_MILLISECONDS_MAX = 30_000;

/**
 * Returns the events since a time, and new ones for ever. Each event is returned once. Events that are read together are in
 * the order of their times.
 */
export async function* follow(
  { read, now, pause }: FollowPorts,
  { groups, since, filter }: FollowOptions,
): AsyncGenerator<SourcedEvent, never> {
  const seen = new Map<string, number>();
  for (let from = since; ; ) {
    const readAt = now();
    const events = (await readAll({ read, pause }, { groups, from, filter })).filter(({ id }) => !seen.has(id));
    for (const { id, timestamp } of events) seen.set(id, timestamp);
    yield* events.sort((a, b) => a.timestamp - b.timestamp);
    from = Math.max(since, readAt - DELAY_MILLISECONDS_MAX);
    for (const [id, timestamp] of seen) if (timestamp < from) seen.delete(id);
  }
}

/** Reads one group after the other, because they share a quota. */
async function readAll(
  { read, pause }: Pick<FollowPorts, "read" | "pause">,
  { groups, ...query }: Omit<LogQuery, "group"> & Pick<FollowOptions, "groups">,
): Promise<SourcedEvent[]> {
  const events: SourcedEvent[] = [];
  for (const [source, group] of Object.entries(groups)) {
    const ofGroup = await read({ group, ...query });
    events.push(...ofGroup.map((event) => ({ ...event, source })));
    await pause(INTERVAL_MILLISECONDS);
  }
  return events;
}
