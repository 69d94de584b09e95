import type { Grant } from "../handlers/grants.ts";
import { closesAtExpiry } from "./authentication.ts";
import { moderatorsOf } from "./authorization.ts";
import type { Granted } from "./grant.ts";
import type { Environment } from "./settings.ts";
import type { Table } from "./table.ts";
import type { WebSocketApi } from "./websocket-api.ts";
import { grantInvoke } from "./worker.ts";

export interface Grantors {
  readonly table: Table;
  readonly api: WebSocketApi;
  readonly environment: Environment;
}

/** Undefined where the environment has no need of it. */
export function grantOn(grantors: Grantors, grant: Grant): Granted | undefined {
  const { authentication, moderators } = grantors.environment;
  if (grant === "close expired" && !closesAtExpiry(authentication)) return undefined;
  if (grant === "use invitations" && authentication.kind === "none") return undefined;
  return grant === "read mutes" && !moderators ? undefined : grantedOn(grantors, grant);
}

function grantedOn({ table, api, environment }: Grantors, grant: Grant): Granted {
  switch (grant) {
    case "push":
      return api.grantPush();
    case "close expired":
      return api.grantClose(grant);
    case "close kicked":
      return api.grantClose(grant, moderatorsOf(environment));
    case "invoke fan-out":
      return grantInvoke(environment, "fan-out");
    default:
      return table.grant(grant);
  }
}
