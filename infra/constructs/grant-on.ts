import type { Grant } from "../../handlers/grants.ts";
import { closesAtExpiry, hasUsers } from "../settings/authentication.ts";
import { moderatorsOf } from "../settings/authorization.ts";
import type { Environment } from "../settings/settings.ts";
import type { Granted } from "./grant.ts";
import type { Table } from "./table.ts";
import type { WebSocketApi } from "./websocket-api.ts";
import { grantInvoke } from "./worker.ts";

export interface Grantors {
  readonly table: Table;
  readonly api: WebSocketApi;
  readonly environment: Environment;
}

/** What environments need that have the setting for it, and others do not. */
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
  "read users": ({ authentication }) => hasUsers(authentication),
  "write users": ({ authentication }) => hasUsers(authentication),
  "read mutes": ({ moderators }) => moderators !== undefined,
  "read bans": ({ moderators }) => moderators !== undefined,
};

/** Undefined where the environment has no need of it. */
export function grantOn(grantors: Grantors, grant: Grant): Granted | undefined {
  const isNeeded = NEEDS[grant]?.(grantors.environment) ?? true;
  return isNeeded ? grantedOn(grantors, grant) : undefined;
}

function grantedOn({ table, api, environment }: Grantors, grant: Grant): Granted {
  switch (grant) {
    case "push":
      return api.grantPush();
    case "probe counted":
    case "probe stalled":
      return api.grantProbe(grant);
    case "close expired":
    case "close flooding":
    case "close stalled":
      return api.grantClose(grant);
    case "close kicked":
      return api.grantClose(grant, moderatorsOf(environment));
    case "invoke fan-out":
      return grantInvoke(environment, "fan-out");
    default:
      return table.grant(grant);
  }
}
