import { RULES } from "../../../chatops/rules.ts";
import { type Action, isUnsupported, type Service, supportedActions } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";

/** What an operator, or Lambda, does once something went wrong. */
export type OpsComeback =
  | "repeats"
  | "asks for status and repeats"
  | "has it confirmed"
  | "revokes"
  | "is retried by Lambda";

/** The run that the fault is in: of a command, of its confirmation, or of the schedule's task. */
export type OpsRun = "said" | "asked" | "confirmed" | "scheduled";

export interface OpsCase {
  readonly service: Service;
  readonly action: Action;
  readonly run: OpsRun;
}

function casesOf(service: Service): OpsCase[] {
  const spoken = supportedActions(service).flatMap((action): OpsCase[] =>
    RULES.confirmed.includes(action)
      ? [
          { service, action, run: "asked" },
          { service, action, run: "confirmed" },
        ]
      : [{ service, action, run: "said" }],
  );
  return isUnsupported(service.actions.rotate) ? spoken : [...spoken, { service, action: "rotate", run: "scheduled" }];
}

/** From the services' own tables, so a new service or action is covered without new code here. */
export const opsCases: readonly OpsCase[] = services.flatMap(casesOf);

export function opsComebacksOf({ action, run, service }: OpsCase): readonly OpsComeback[] {
  if (run === "scheduled") return ["is retried by Lambda"];
  if (run === "asked") return ["repeats", "has it confirmed"];
  if (action === "status") return ["repeats"];
  const isRevocable = action === "rotate" && !isUnsupported(service.actions.revoke);
  return ["asks for status and repeats", ...(isRevocable ? (["revokes"] as const) : [])];
}

export const opsRouteOf = ({ action, run }: OpsCase): string => (run === "said" ? action : `${action}, ${run}`);
