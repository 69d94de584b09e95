import { RULES } from "../../../chatops/rules.ts";
import { type Action, isUnsupported, type Service, supportedActions } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";

/** The next action of the operator, or of Lambda, after a fault. */
export type OpsNextAction =
  | "repeats"
  | "requests the status and repeats"
  | "gets it confirmed"
  | "revokes"
  | "is retried by Lambda";

/** The run with the fault: a command without confirmation, a command to confirm, its confirmation, or a scheduled task. */
export type OpsRun = "direct" | "unconfirmed" | "confirmed" | "scheduled";

export interface OpsCase {
  readonly service: Service;
  readonly action: Action;
  readonly run: OpsRun;
}

function casesOf(service: Service): OpsCase[] {
  const requested = supportedActions(service).flatMap((action): OpsCase[] =>
    RULES.confirmed.includes(action)
      ? [
          { service, action, run: "unconfirmed" },
          { service, action, run: "confirmed" },
        ]
      : [{ service, action, run: "direct" }],
  );
  return isUnsupported(service.actions.rotate)
    ? requested
    : [...requested, { service, action: "rotate", run: "scheduled" }];
}

/** From the services' own tables, so a new service or action is covered without new code here. */
export const opsCases: readonly OpsCase[] = services.flatMap(casesOf);

export function opsNextActionsOf({ action, run, service }: OpsCase): readonly OpsNextAction[] {
  if (run === "scheduled") return ["is retried by Lambda"];
  if (run === "unconfirmed") return ["repeats", "gets it confirmed"];
  if (action === "status") return ["repeats"];
  const isRevocable = action === "rotate" && !isUnsupported(service.actions.revoke);
  return ["requests the status and repeats", ...(isRevocable ? (["revokes"] as const) : [])];
}

export const opsRouteOf = ({ action, run }: OpsCase): string => (run === "direct" ? action : `${action}, ${run}`);
