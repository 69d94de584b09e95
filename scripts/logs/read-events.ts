import {
  type CloudWatchLogsClient,
  type FilterLogEventsCommandOutput,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { FollowPorts, LogEvent, Reading } from "./follow.ts";

/** Reads a stretch of a log group. Throws, with what to do, where there is no such group. */
export const readEvents =
  (client: CloudWatchLogsClient): FollowPorts["read"] =>
  async ({ group, from, filter }: Reading) => {
    const input = { logGroupName: group, startTime: from, ...(filter !== undefined && { filterPattern: filter }) };
    const events: LogEvent[] = [];
    try {
      for await (const page of paginateFilterLogEvents({ client }, input)) events.push(...eventsOf(page));
    } catch (fault) {
      if (!(fault instanceof ResourceNotFoundException)) throw fault;
      throw new Error(`There is no log group ${group}. Deploy the environment first.`, { cause: fault });
    }
    return events;
  };

const eventsOf = ({ events = [] }: FilterLogEventsCommandOutput): LogEvent[] =>
  events.map(({ eventId = "", timestamp = 0, message = "" }) => ({ id: eventId, timestamp, message }));
