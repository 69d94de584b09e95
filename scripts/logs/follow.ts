import {
  type CloudWatchLogsClient,
  type FilterLogEventsCommandOutput,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { authorizer, routes, workers } from "../../handlers/routes.ts";
import { accessLogGroupName, functionLogGroupName } from "../../infra/names.ts";
import { acceptsTokens } from "../../infra/settings/authentication.ts";
import { isDeployed } from "../../infra/settings/combinations.ts";
import type { Environment } from "../../infra/settings/settings.ts";

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

/** A line in Lambda's JSON format, in the embedded metric format, or of an access log. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
interface JsonMessage {
  readonly level?: unknown;
  readonly timestamp?: unknown;
  readonly message?: unknown;
  readonly _aws?: unknown;
  readonly [name: string]: unknown;
}

/** Formats an event like `npm start`: time, level, source, message. */
export function lineOf({ timestamp, source, message }: Omit<SourcedEvent, "id">): string {
  const json = parse(message);
  const level = typeof json?.level === "string" ? json.level : "INFO";
  const time = new Date(timestamp).toISOString().slice(11, 19);
  return `${time} ${level.padEnd(5)} ${source} ${json ? textOf(json) : message.trimEnd()}`;
}

function textOf(json: JsonMessage): string {
  const { level, timestamp, _aws, ...rest } = json;
  if (_aws !== undefined) return `METRICS ${JSON.stringify(rest)}`;
  if (json.message === undefined) return JSON.stringify(json);
  return typeof json.message === "string" ? json.message : JSON.stringify(json.message);
}

function parse(message: string): JsonMessage | undefined {
  try {
    const json = JSON.parse(message);
    return json && typeof json === "object" && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The log groups of an environment, by short name. Their names follow from the settings, so this needs no request. */
export const logGroupsOf = (environment: Environment): Record<string, string> => ({
  ...Object.fromEntries(functionsOf(environment).map((name) => [name, functionLogGroupName(environment, name)])),
  ...(environment.accessLog && { "access-log": accessLogGroupName(environment) }),
});

function functionsOf(environment: Environment): string[] {
  const { authentication, chatOps } = environment;
  const deployed = [...routes, ...workers].filter((row) => isDeployed(environment, row));
  const rows = [...(acceptsTokens(authentication) ? [authorizer] : []), ...deployed];
  return [...rows.map(({ entry }) => entry), ...Object.keys(chatOps?.services ?? {})];
}

/** Reads the events of a log group. Throws if it does not exist. */
export const readEvents =
  (client: CloudWatchLogsClient): FollowPorts["read"] =>
  async ({ group, from, filter }: LogQuery) => {
    const input = { logGroupName: group, startTime: from, ...(filter !== undefined && { filterPattern: filter }) };
    const events: LogEvent[] = [];
    try {
      for await (const page of paginateFilterLogEvents({ client }, input)) events.push(...eventsOf(page));
    } catch (fault) {
      if (!(fault instanceof ResourceNotFoundException)) throw fault;
      throw new Error(`The log group ${group} does not exist. Deploy the environment first.`, { cause: fault });
    }
    return events;
  };

const eventsOf = ({ events = [] }: FilterLogEventsCommandOutput): LogEvent[] =>
  events.map(({ eventId = "", timestamp = 0, message = "" }) => ({ id: eventId, timestamp, message }));
