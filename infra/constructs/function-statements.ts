import type { Grant } from "../../handlers/grants.ts";
import { closesAtExpiry, hasUsers } from "../settings/authentication.ts";
import type { Environment } from "../settings/settings.ts";
import type { FunctionResources } from "./function-variables.ts";
import { type Statement, statementId } from "./grant.ts";
import { grantInvoke } from "./worker.ts";

const hasReactions = ({ reactions }: Environment): boolean => reactions === true;
const storesDirect = ({ directConversations }: Environment): boolean => directConversations === true;

/** Whether users can edit and delete direct messages. */
const changesDirect = (environment: Environment): boolean =>
  storesDirect(environment) && environment.ownMessageMinutes !== undefined;

const storesPublishedDirect = (environment: Environment): boolean =>
  storesDirect(environment) && environment.publish?.users === true;

/** Grants for lasting membership. */
const LASTING = [
  "read handshakes",
  "write handshakes",
  "change lasting channels",
  "end lost memberships",
  "renew channels",
  "renew directory",
  "renew invitations",
  "find own connections",
] as const satisfies readonly Grant[];

/** Grants that only some environments need. */
const NEEDS: { readonly [Of in Grant]?: (environment: Environment) => boolean } = {
  "close expired": ({ authentication }) => closesAtExpiry(authentication),
  "close flooding": ({ messageRate }) => messageRate !== undefined,
  "count frames": ({ messageRate }) => messageRate !== undefined,
  "count users": ({ connectionsPerUserMax }) => connectionsPerUserMax !== undefined,
  "count addresses": ({ connectionsPerAddressMax }) => connectionsPerAddressMax !== undefined,
  "probe counted": ({ connectionsPerUserMax, connectionsPerAddressMax }) =>
    connectionsPerUserMax !== undefined || connectionsPerAddressMax !== undefined,
  "release addresses": ({ connectionsPerAddressMax }) => connectionsPerAddressMax !== undefined,
  "use invitations": ({ authentication }) => hasUsers(authentication),
  "read addressed users": ({ publish }) => publish?.users === true,
  "invoke review": ({ review }) => review !== undefined,
  "queue events": ({ events }) => events === true,
  "read users": ({ authentication }) => hasUsers(authentication),
  "read mutes": ({ moderators }) => moderators !== undefined,
  "read edited messages": ({ ownMessageMinutes }) => ownMessageMinutes !== undefined,
  "change direct messages": changesDirect,
  "read edited direct messages": changesDirect,
  "read reacted direct messages": storesDirect,
  "write changed conversations": storesDirect,
  "read correspondents": storesDirect,
  "read reactions": hasReactions,
  "list reactions": hasReactions,
  "remove reactions": hasReactions,
  "read direct messages": storesDirect,
  "write direct messages": storesDirect,
  "claim direct messages": storesDirect,
  "read known addressees": storesPublishedDirect,
  "write addressed messages": storesPublishedDirect,
  "write addressed conversations": storesPublishedDirect,
  "read known users": storesDirect,
  "write conversations": storesDirect,
  "count direct messages": storesDirect,
  "read conversation markers": storesDirect,
  "read receipts": ({ readReceipts }) => readReceipts === true,
  // With lasting membership, $connect reads and writes these in batches.
  "read bans": ({ moderators, lastingMembership }) => moderators !== undefined && !lastingMembership,
  "write connections": ({ lastingMembership }) => !lastingMembership,
  "write users": ({ authentication, lastingMembership }) => hasUsers(authentication) && !lastingMembership,
  "write known users": storesDirect,
  "read mentioned users": (environment) =>
    storesDirect(environment) || environment.lastingMembership === true || environment.moderators !== undefined,
  ...Object.fromEntries(
    LASTING.map((grant) => [grant, ({ lastingMembership }: Environment) => lastingMembership === true]),
  ),
};

/** The statements of a function's grants. A grant that the environment does not need has none. */
export const statementsOf = (grants: readonly Grant[], resources: FunctionResources): Statement[] =>
  grants.filter((grant) => NEEDS[grant]?.(resources.environment) ?? true).map((grant) => statementOf(grant, resources));

function statementOf(grant: Grant, { table, api, environment, eventBus }: FunctionResources): Statement {
  switch (grant) {
    case "push":
      return api.grantPush();
    case "probe counted":
    case "probe stalled":
      return api.grantProbe(grant);
    case "close expired":
    case "close flooding":
    case "close stalled":
    case "close kicked":
      return api.grantClose(grant);
    case "invoke fan-out":
      return grantInvoke("fan-out");
    case "invoke review":
      return {
        ...{ Sid: statementId(grant), Effect: "Allow", Action: ["lambda:InvokeFunction"] },
        Resource: [environment.review?.functionArn ?? ""],
      };
    case "queue events":
      return { ...grantInvoke("events"), Sid: statementId(grant) };
    case "put events":
      if (!eventBus) throw new Error('The grant "put events" requires an event bus. Set `events` to true.');
      return eventBus.grantPut();
    case "write published messages":
      return table.grantPublish(grant, environment.publish?.channels ?? []);
    default:
      return table.grant(grant);
  }
}
