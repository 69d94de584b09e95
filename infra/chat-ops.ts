import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { RULES, type Rules } from "../chatops/rules.ts";
import { isAbsent, type Service as ServiceRow } from "../chatops/service.ts";
import type { Worker as WorkerRow } from "../handlers/routes.ts";
import type { Bundle } from "./bundle.ts";
import type { ChatOpsSettings } from "./chat-ops-settings.ts";
import type { Granted } from "./grant.ts";
import { stackName, withId } from "./names.ts";
import { Service } from "./service.ts";
import type { Environment } from "./settings.ts";
import type { Table } from "./table.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface ChatOpsProps {
  readonly environment: Environment;
  readonly settings: ChatOpsSettings;
  /** Every service that there is. */
  readonly services: readonly ServiceRow[];
  /** The function of each, and its code. */
  readonly row: WorkerRow;
  readonly bundle: Bundle;
  /** What the functions of all services may do. */
  readonly granted: readonly Granted[];
  readonly api: WebSocketApi;
  readonly table: Table;
}

/** The services that an environment has enabled. Of the others there is nothing. */
export class ChatOps extends Construct {
  constructor(scope: Construct, id: string, { services, ...props }: ChatOpsProps) {
    super(scope, id);
    const { settings, environment } = props;
    const enabled = services.filter(({ key }) => Object.hasOwn(settings.services, key));
    const rotating = enabled.filter(({ actions }) => !isAbsent(actions.rotate));
    const group = rotating.length > 0 ? this.#createScheduleGroup(environment) : undefined;
    for (const service of enabled) {
      const { rotateEvery = settings.rotateEvery } = settings.services[service.key] ?? {};
      new Service(this, {
        ...props,
        service,
        rules: rulesOf(settings),
        rotation: group && rotating.includes(service) ? { group, every: rotateEvery } : undefined,
      });
    }
  }

  #createScheduleGroup(environment: Environment): SchedulerScheduleGroup {
    const group = new SchedulerScheduleGroup(this, "schedules", { name: stackName(environment) });
    return withId(group, "chat-ops");
  }
}

const rulesOf = ({ confirmationMinutes, groups }: ChatOpsSettings): Rules => ({
  ...RULES,
  groups: { ...RULES.groups, ...groups },
  confirmationSeconds: confirmationMinutes * 60,
});
