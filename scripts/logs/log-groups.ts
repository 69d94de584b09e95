import {
  type CloudWatchLogsClient,
  type FilterLogEventsCommandOutput,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { authorizer, routes, workers } from "../../handlers/routes.ts";
import { accessLogGroupName, functionLogGroupName } from "../../infra/names.ts";
import { takesTokens } from "../../infra/settings/authentication.ts";
import { isDeployed } from "../../infra/settings/authorization.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import type { FollowPorts, LogEvent, LogQuery } from "./follow.ts";

/** The log groups of an environment, by short name. Their names follow from the settings, so this needs no request. */
export const logGroupsOf = (environment: Environment): Record<string, string> => ({
  ...Object.fromEntries(functionsOf(environment).map((name) => [name, functionLogGroupName(environment, name)])),
  ...(environment.accessLog && { "access-log": accessLogGroupName(environment) }),
});

function functionsOf(environment: Environment): string[] {
  const { authentication, chatOps } = environment;
  const deployed = routes.filter((route) => isDeployed(environment, route));
  const rows = [...(takesTokens(authentication) ? [authorizer] : []), ...deployed, ...workers];
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
